"""Institutions a town has invited: one that has not answered, one that comes, one that does not."""

from __future__ import annotations

from typing import Any

from app.domain import invitations, registrations
from app.models import Conference, StaffMember


def fill(conference: Conference, by: StaffMember, word: str) -> dict[str, Any]:
    """Invite them; returns what stands in addresses."""
    asked = [
        invitations.add(
            conference,
            invitations.Wanted(organisation=f"{name} {word}", email=f"{name.lower()}@{word.lower()}.example"),
            by=by,
        )
        for name in ("Familienzentrum", "Sportverein", "Tafel")
    ]
    for invitation in asked:
        invitations.invite(invitation)
    invitations.accept(
        asked[1],
        invitations.details(asked[1], display_name=f"Frau {word}"),
        [registrations.Person(name=f"Frau {word}")],
        submission=f"{word:-<24}",
    )
    invitations.decline(asked[2])
    return {"invitation": asked[0].id, "reply_link": invitations.link_token(asked[0])}
