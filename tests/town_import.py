"""A table of registrations a town has uploaded: one household fits, one has to wait, one row is wrong."""

from __future__ import annotations

from typing import Any

from app.domain import registration_imports
from app.models import Conference, StaffMember


def fill(conference: Conference, by: StaffMember, word: str) -> dict[str, Any]:
    """Upload it; returns what stands in addresses."""
    full = conference.groups[1].number
    lines = [
        "Haushalt;Name;Kommt als;E-Mail;Alter;Runde 1",
        f"1;Familie {word};Einwohner;familie@{word.lower()}.example;;",
        "1;;;;7;",
        f";Wartende aus {word};Politik;;;{full}",
        f";Kind aus {word};Einwohner;;45;",
    ]
    stored = registration_imports.upload(
        conference, f"liste-{word.lower()}.csv", "\n".join(lines).encode(), by=by
    )
    return {"upload": stored.id}
