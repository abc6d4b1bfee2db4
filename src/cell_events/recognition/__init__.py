"""Painted events: from masks to a classifier, from there to events (Chen et al. 2024)."""
