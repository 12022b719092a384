"""The rules of seats, and places kept for audiences: what is released goes to those who wait."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain import editing, seat_rules
from app.domain.errors import ChangedMeanwhile, FrameBelowTaken, QuotasAboveCapacity
from app.models import Conference, GroupChoice, RegistrationStatus, RoleGroup
from tests import make

pytestmark = pytest.mark.usefixtures("app")


def arrange(conference: Conference, shown: str | None = None, **values: Any) -> int:
    """Save; how many people moved up."""
    done = seat_rules.arrange(conference, seat_rules.arranged(conference) | values, shown=shown)
    return seat_rules.people(done.moved_up)


def test_arrange_saves_rules_and_places() -> None:
    conference = make.conference(capacity=20)

    arrange(
        conference,
        has_queue=False,
        makes_offers=True,
        offer_hours=24,
        group_choice=GroupChoice.WISHES,
        **{"capacity": 30, "walk_in_quota": 2, "kept-politics": 5},
    )

    found = seat_rules.arranged(conference)
    assert found == {
        "has_queue": False,
        "makes_offers": True,
        "offer_hours": 24,
        "group_choice": GroupChoice.WISHES,
        "capacity": 30,
        "walk_in_quota": 2,
        **{seat_rules.kept_of(role): 5 if role is RoleGroup.POLITICS else 0 for role in RoleGroup},
    }
    assert (conference.reserved_open, conference.places_free) == (5, 23)


def test_released_places_go_to_those_who_wait() -> None:
    conference = make.conference(capacity=3)
    arrange(conference, **{"kept-politics": 2})
    make.registration(conference)
    waiting = make.registration(conference)
    assert waiting.status is RegistrationStatus.WAITLISTED

    assert arrange(conference, **{"kept-politics": 2}) == 0
    assert arrange(conference, **{"kept-politics": 0}) == 1

    assert (waiting.status, conference.places_taken, conference.quotas) == (
        RegistrationStatus.CONFIRMED,
        2,
        [],
    )


def test_more_kept_than_there_are_or_fewer_than_taken_changes_nothing() -> None:
    conference = make.conference(capacity=3)
    make.registration(conference)
    before = seat_rules.arranged(conference)

    with pytest.raises(QuotasAboveCapacity):
        arrange(conference, **{"kept-politics": 4, "offer_hours": 7})
    with pytest.raises(FrameBelowTaken):
        arrange(conference, capacity=0, offer_hours=7)

    assert seat_rules.arranged(conference) == before


def test_two_people_at_once_are_told() -> None:
    conference = make.conference()
    shown = editing.seen(seat_rules.arranged(conference))
    arrange(conference, offer_hours=7)

    with pytest.raises(ChangedMeanwhile):
        arrange(conference, shown, offer_hours=9)
