"""JSON lines that know whether they are whole: ``["CRC of the object's bytes",{...}]``."""

from __future__ import annotations

import json
import zlib
from typing import Any

_OPENING, _MIDDLE, _CLOSING = b'["', b'",', b"]\n"
_CRC = slice(len(_OPENING), len(_OPENING) + 8)
_BODY = slice(_CRC.stop + len(_MIDDLE), -len(_CLOSING))


def checked_line(body: dict[str, Any]) -> bytes:
    """Write an object as one line, with its line feed."""
    content = json.dumps(body, separators=(",", ":"), allow_nan=False).encode("ascii")
    return b"".join((_OPENING, b"%08x" % zlib.crc32(content), _MIDDLE, content, _CLOSING))


def checked_body(line: bytes) -> dict[str, Any] | None:
    """Read what `checked_line` wrote; None if the line is cut off or was changed."""
    content = line[_BODY]
    if not line.endswith(_CLOSING) or line[_CRC] != b"%08x" % zlib.crc32(content):
        return None
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
