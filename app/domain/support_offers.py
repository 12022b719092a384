"""Which kinds of support a conference asks about, by when they have to be ordered, and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from app.database import db
from app.domain import editing, local_time, support
from app.domain.errors import OrderDayUnfit, SupportStillNeeded
from app.models import (
    ENDED_STATUSES,
    Conference,
    NeedKind,
    Participant,
    Registration,
    SupportNeed,
    SupportOffer,
    Translated,
)


def all_of(conference: Conference) -> list[SupportOffer]:
    """What is asked about, in the order of the kinds: one statement."""
    order = list(NeedKind)
    rows = db.session.scalars(select(SupportOffer).where(SupportOffer.conference_id == conference.id))
    return sorted(rows, key=lambda offer: order.index(offer.kind))


def arranged(conference: Conference) -> dict[str, Any]:
    """What is asked about, until when it is ordered and the German note, by the names `arrange` takes."""
    offers = {offer.kind: offer for offer in all_of(conference)}
    values: dict[str, Any] = {}
    for kind in NeedKind:
        offer = offers.get(kind)
        values[kind.value] = offer is not None
        values[order_of(kind)] = offer.order_by if offer else None
        values[note_of(kind)] = str(offer.note) if offer else ""
    return values


def order_of(kind: NeedKind) -> str:
    """The name of the last day to order it."""
    return f"{kind.value}-order_by"


def note_of(kind: NeedKind) -> str:
    """The name of the note beside it."""
    return f"{kind.value}-note"


def arrange(conference: Conference, wanted: Mapping[str, Any], *, shown: str | None = None) -> None:
    """Ask about these kinds, by the names of `arranged`; of a kind that is not asked about nothing is kept.

    Raises SupportStillNeeded for a kind somebody who is registered needs, OrderDayUnfit, both with the field;
    ChangedMeanwhile.
    """
    with editing.writing(conference):
        editing.refuse_if_changed(arranged(conference), wanted, shown)
        offers = {offer.kind: offer for offer in all_of(conference)}
        if gone := {kind for kind in offers if not wanted[kind.value]}:
            _refuse_needed(conference, gone)
        for kind in NeedKind:
            offer = offers.get(kind)
            if not wanted[kind.value]:
                if offer is not None:
                    db.session.delete(offer)
                continue
            order_by: date | None = wanted[order_of(kind)]
            if order_by and order_by > local_time.day_of(conference.ends_at):
                raise OrderDayUnfit(field=order_of(kind))
            if offer is None:
                offer = SupportOffer(
                    host_id=conference.host_id, conference_id=conference.id, kind=kind, note=Translated()
                )
                db.session.add(offer)
            offer.order_by = order_by
            offer.note = offer.note.with_text("de", wanted[note_of(kind)])
        db.session.flush()


def _refuse_needed(conference: Conference, gone: set[NeedKind]) -> None:
    contents = db.session.scalars(
        select(SupportNeed.content)
        .join(Participant, SupportNeed.participant_id == Participant.id)
        .join(Registration, Participant.registration_id == Registration.id)
        .where(SupportNeed.conference_id == conference.id, Registration.status.not_in(ENDED_STATUSES))
    )
    for content in contents:
        kind = support.opened(content).kind
        if kind in gone:
            raise SupportStillNeeded(field=kind.value)
