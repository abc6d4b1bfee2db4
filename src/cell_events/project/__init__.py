"""The project folder: painted masks, decisions, models and results that survive anything."""

from cell_events.project.edits import (
    JSON,
    Edit,
    EventChange,
    PaintChange,
    ProjectError,
    ValueChange,
)
from cell_events.project.movie_reference import MovieReference, glance

__all__ = [
    "JSON",
    "Edit",
    "EventChange",
    "MovieReference",
    "PaintChange",
    "ProjectError",
    "ValueChange",
    "glance",
]
