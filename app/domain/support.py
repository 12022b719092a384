"""Support needs: asked only where they are offered, kept encrypted, answered one by one, erased first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, select

from app.database import db, now, transaction
from app.domain import notices, secrets, versions
from app.domain.errors import NotFound, SupportNotOffered
from app.models import (
    Message,
    MessageKind,
    NeedKind,
    NeedState,
    Participant,
    Registration,
    SupportNeed,
    SupportOffer,
)

# A secret is as long as what it hides. Without filling up, the length alone would tell the wheelchair from the loop.
_BLOCK = 512


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
                    content=sealed(need),
                )
            )
    db.session.flush()


def answer(registration: Registration, answers: Mapping[int, NeedState]) -> bool:
    """Let the needs of `registration` have these states, by id; True when that changed something.

    Then its contact is told once that there is an answer, and reads it under the code; which need it is stands in no
    message. Taking an answer back (OPEN) tells nobody. Raises NotFound for a need it does not have or has no more.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        rows = {
            row.id: row
            for row in db.session.scalars(
                select(SupportNeed)
                .join(SupportNeed.participant)
                .where(Participant.registration_id == registration.id)
            )
        }
        if set(answers) - set(rows):
            raise NotFound
        changed = {need_id: state for need_id, state in answers.items() if rows[need_id].state is not state}
        for need_id, state in changed.items():
            rows[need_id].state = state
            rows[need_id].answered_at = None if state is NeedState.OPEN else now()
        db.session.flush()
        if registration.is_live and any(state is not NeedState.OPEN for state in changed.values()):
            notices.need_answered(registration, _mark(rows.values()))
        return bool(changed)


def forget(registration: Registration) -> None:
    """Erase all needs of `registration` and what it was told of them, within the open transaction."""
    people = select(Participant.id).where(Participant.registration_id == registration.id)
    db.session.execute(delete(SupportNeed).where(SupportNeed.participant_id.in_(people)))
    db.session.execute(
        delete(Message).where(
            Message.registration_id == registration.id, Message.kind == MessageKind.NEED_ANSWERED
        )
    )


def _mark(rows: Iterable[SupportNeed]) -> str:
    """A name for the answers as they are now."""
    return ";".join(f"{row.id} {row.state.value} {row.answered_at}" for row in rows)


def sealed(need: Wanted) -> str:
    """`need` encrypted, as long as any other."""
    text = json.dumps({"kind": need.kind.value, "detail": need.detail})
    return secrets.encrypt(text + " " * (-len(text) % _BLOCK))


def read(row: SupportNeed) -> Wanted:
    """What stands encrypted in `row`. Raises VaultLocked."""
    return opened(row.content)


def opened(content: str) -> Wanted:
    """What `sealed` was given. Raises VaultLocked."""
    found = json.loads(secrets.decrypt(content))
    return Wanted(NeedKind(found["kind"]), found["detail"])
