"""The project folder: painted masks, decisions, models and results that survive anything."""

from cell_events.project.edits import (
    JSON,
    Change,
    Edit,
    EventChange,
    PaintChange,
    ProjectError,
    ValueChange,
)
from cell_events.project.movie_reference import MovieReference, glance
from cell_events.project.painted_frames import PaintedFrames
from cell_events.project.project import Project
from cell_events.project.writer import Ticket

__all__ = [
    "JSON",
    "Change",
    "Edit",
    "EventChange",
    "MovieReference",
    "PaintChange",
    "PaintedFrames",
    "Project",
    "ProjectError",
    "Ticket",
    "ValueChange",
    "glance",
]
