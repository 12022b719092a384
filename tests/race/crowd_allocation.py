"""What a crowd does while a proposal of who sits where is released; tests.race.crowd finds these by name."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select

from app.database import db
from app.domain import registrations, seats
from app.domain.allocation import release as releasing
from app.domain.errors import DomainError
from app.models import Allocation, Conference, GroupRound, Participant, Registration

PATIENCE_SECONDS = 30


def release_or_take(round_id: int, person: int) -> str:
    """Staff seat somebody in a group; who has no number of their own releases the proposal."""
    if person > 0:
        return _take(round_id, person)
    return _release(db.session.get_one(GroupRound, round_id).conference_id)


def release_or_take_carelessly(round_id: int, person: int) -> str:
    """The same with a release that trusts what it saw before others came; nothing else of the product is changed."""
    if person > 0:
        return _take(round_id, person)
    meeting = db.session.get_one(GroupRound, round_id)
    seen = releasing.gather(db.session.get_one(Conference, meeting.conference_id))
    until = time.monotonic() + PATIENCE_SECONDS
    while not db.session.get_one(GroupRound, round_id).seats_taken and time.monotonic() < until:
        time.sleep(0.02)
        db.session.rollback()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(releasing, "gather", lambda _: seen)
        patch.setattr(releasing, "_refuse_beyond_seats", lambda _: None)
        return _release(db.session.get_one(GroupRound, round_id).conference_id)


def release_or_cancel(conference_id: int, person: int) -> str:
    """Somebody cancels; who has no number of their own releases the proposal."""
    if person > 0:
        registrations.cancel(db.session.get_one(Registration, person))
        return "cancelled"
    return _release(conference_id)


def _release(conference_id: int) -> str:
    allocation = db.session.scalars(select(Allocation).where(Allocation.conference_id == conference_id)).one()
    try:
        return f"given {releasing.release(allocation, anyway=True).given}"
    except DomainError as error:
        db.session.rollback()
        return type(error).__name__


def _take(round_id: int, participant_id: int) -> str:
    meeting = db.session.get_one(GroupRound, round_id)
    return seats.take(meeting, db.session.get_one(Participant, participant_id), by_staff=True).state.value
