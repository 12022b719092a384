"""Support needs: asked only where they are offered, kept encrypted, erased first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select

from app.database import db
from app.domain import secrets
from app.domain.errors import SupportNotOffered
from app.models import NeedKind, Participant, SupportNeed, SupportOffer


@dataclass(frozen=True)
class Wanted:
    """What somebody needs; `detail` is what helps to arrange it: the language of interpreting, what not to eat."""

    kind: NeedKind
    detail: str = field(default="", repr=False)


def save(participant: Participant, wanted: Sequence[Wanted]) -> None:
    """Let these be the needs of `participant`, within the open transaction; what was answered before stays answered.

    Raises SupportNotOffered for a kind this conference does not ask for.
    """
    offered = set(
        db.session.scalars(
            select(SupportOffer.kind).where(SupportOffer.conference_id == participant.conference_id)
        )
    )
    if any(need.kind not in offered for need in wanted):
        raise SupportNotOffered
    kept = {}
    for row in db.session.scalars(select(SupportNeed).where(SupportNeed.participant_id == participant.id)):
        kept[read(row)] = row
    gone = [row.id for need, row in kept.items() if need not in wanted]
    if gone:
        db.session.execute(delete(SupportNeed).where(SupportNeed.id.in_(gone)))
    for need in dict.fromkeys(wanted):
        if need not in kept:
            db.session.add(
                SupportNeed(
                    host_id=participant.host_id,
                    conference_id=participant.conference_id,
                    participant_id=participant.id,
                    content=secrets.encrypt(json.dumps({"kind": need.kind.value, "detail": need.detail})),
                )
            )
    db.session.flush()


def read(row: SupportNeed) -> Wanted:
    """What stands encrypted in `row`. Raises VaultLocked."""
    content = json.loads(secrets.decrypt(row.content))
    return Wanted(NeedKind(content["kind"]), content["detail"])
