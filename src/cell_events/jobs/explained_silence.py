"""What `explain` says of maps that are zero everywhere."""

from __future__ import annotations


def silent_notes(what: str, silent: int, count: int, layer: str) -> dict[str, list[str]]:
    """Give `notes` for the result, a sentence where maps are zero; nothing where none is.

    Parameters
    ----------
    what
        What has a map each: "event" or "frame".
    silent, count
        How many of these maps are zero everywhere, and how many there are.
    """
    if not silent:
        return {}
    whose = f"The map of the {what} is" if count == 1 else f"{silent} of {count} {what} maps are"
    return {
        "notes": [
            f"{whose} zero everywhere: in the layer {layer} no place speaks for the class; choose "
            "another layer or class, or train the model anew if its map is zero in all of them."
        ]
    }
