"""The results of a conference as JSON: the snapshot itself, made for reading, with its keys in order."""

from __future__ import annotations

import json

from app.domain.snapshot import Snapshot

MEDIA_TYPE = "application/json"


def render(snapshot: Snapshot) -> bytes:
    """UTF-8, two blanks of indent, keys sorted, a line end at the end; the same snapshot gives the same bytes."""
    return (json.dumps(snapshot, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
