"""How far a conference is on its way from what was said to a document."""

from __future__ import annotations

from app.database import transaction
from app.domain import editions, registrations, taking_back
from app.domain.queries import planning
from app.models import RecommendationStatus
from tests import make
from tests.counting import statements
from tests.domain.queries.test_trace import recommended


def test_before_anything_was_said_the_road_is_empty(app: object) -> None:
    assert planning.road(make.conference()) == planning.Road(0, 0, 0, 0, edition=0, is_outdated=False)


def test_the_road_counts_what_waits_what_is_out_and_what_is_due(app: object) -> None:
    conference, other = make.conference(), make.conference()
    make.published(other)
    make.said(conference)
    voice = make.published(conference)
    make.published(conference, "Mehr Licht.")
    recommended(conference)
    adopted = recommended(conference)
    with transaction():
        adopted.status = RecommendationStatus.ADOPTED
    editions.freeze(conference)

    assert planning.road(conference) == planning.Road(1, 2, 2, 1, edition=1, is_outdated=False)
    with statements() as run:
        planning.road(conference)
    assert len(run) == 2
    taking_back.withdraw(voice)
    assert planning.road(conference) == planning.Road(1, 1, 2, 1, edition=1, is_outdated=True)


def test_registrations_that_are_over_are_not_counted_and_all_queues_are(app: object) -> None:
    conference = make.conference(capacity=2)
    full = make.group_round(conference, capacity=1)
    for _number in range(2):
        make.registration(conference, full)
    make.registration(conference)
    registrations.cancel(make.registration(conference))

    found = planning.figures(conference)

    # Two with a place, one in the queue of the conference; one waits for the group as well.
    assert (found.registered, found.people, found.seated) == (3, 2, 1)
    assert (found.waiting, found.queued) == (1, 1)


def test_who_is_only_offered_a_place_is_counted_apart_from_those_who_have_one(app: object) -> None:
    conference = make.conference(capacity=3, makes_offers=True)
    full = make.group_round(conference, capacity=1)
    leaving, seated = make.registration(conference), make.registration(conference, full)
    make.registration(conference, full)
    make.registration(conference)
    registrations.cancel(leaving)
    registrations.cancel(seated)

    found = planning.figures(conference)

    # One place is offered to who waited for the conference, one seat to who waited for the group.
    assert (found.people, found.offered, found.waiting) == (1, 1, 0)
    assert (found.seated, found.seats_offered, found.queued) == (0, 1, 0)
