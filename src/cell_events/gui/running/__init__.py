"""The worker process seen from the viewer: what runs, what waits, what was left."""
