"""Between napari's layers and the core: axes, places in the world, paint, events, scores."""
