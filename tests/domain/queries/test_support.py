"""Support needs as they are read: counts, days to order by, the house, and who needs what."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from app.database import db, now, transaction
from app.domain import support
from app.domain.queries import support as read
from app.domain.queries import support_sheet
from app.domain.queries.support_sheet import Count, Deadline, Doubt
from app.domain.registrations import Person
from app.domain.support import Wanted
from app.models import Conference, NeedKind, NeedState, Registration, RegistrationStatus
from tests import make
from tests.counting import statements

CHAIR = Wanted(NeedKind.WHEELCHAIR)
ARABIC = Wanted(NeedKind.INTERPRETING, "ar")


@pytest.fixture
def conference(clock: time_machine.Traveller, app: Flask) -> Conference:
    return make.conference()


def offer_all(conference: Conference) -> None:
    make.support_offers(conference, *NeedKind)


def lines(conference: Conference) -> dict[NeedKind, support_sheet.Line]:
    return {line.kind: line for line in support_sheet.sheet(conference, now()).lines}


def answer_all(registration: Registration, state: NeedState) -> None:
    needs = [need for person in read.of_registration(registration) for need in person.needs]
    support.answer(registration, {need.id: state for need in needs})


def test_the_sheet_counts_people_by_what_they_need(conference: Conference) -> None:
    offer_all(conference)
    sign = Wanted(NeedKind.SIGN_LANGUAGE)
    make.household(conference, Person(needs=[sign, CHAIR]), Person(needs=[sign, ARABIC]))
    make.household(conference, Person(needs=[ARABIC, CHAIR]), Person(needs=[ARABIC]))
    for detail in ("halal", "Halal, bitte", "vegan und halal", "keine Nüsse, halal", "keine Nüsse"):
        make.household(conference, Person(needs=[Wanted(NeedKind.DIET, detail)]))

    found = lines(conference)

    assert list(found) == list(NeedKind)
    assert found[NeedKind.SIGN_LANGUAGE].placed == Count(2)
    assert found[NeedKind.WHEELCHAIR].placed == Count(2)
    assert found[NeedKind.INTERPRETING].placed == Count(3, Counter(ar=3))
    assert found[NeedKind.DIET].placed == Count(5, Counter(halal=4, vegan=1), in_own_words=2)
    assert found[NeedKind.QUIET_ROOM].placed == Count()


def test_children_to_look_after_are_those_it_was_asked_for_or_all_of_a_household_that_asked(
    conference: Conference,
) -> None:
    offer_all(conference)
    care = Wanted(NeedKind.CHILDCARE)
    # Asked for one child: the other one does without.
    make.household(conference, Person(), Person(age=7, needs=[care]), Person(age=4))
    make.household(conference, Person(needs=[care]), Person(age=2), Person(age=4), Person(age=9))
    make.household(conference, Person(needs=[care]))
    make.household(conference, Person(), Person(age=12))

    assert lines(conference)[NeedKind.CHILDCARE].placed == Count(4, ages=[2, 4, 7, 9], ages_unknown=1)


def test_who_waits_is_counted_apart_and_who_has_cancelled_nowhere(conference: Conference) -> None:
    with transaction():
        conference.capacity = 1
    offer_all(conference)
    make.household(conference, Person(needs=[CHAIR]))
    waiting = make.household(conference, Person(needs=[CHAIR, ARABIC]))
    gone = make.household(conference, Person(needs=[CHAIR]))
    assert waiting.status is RegistrationStatus.WAITLISTED
    with transaction():
        gone.status, gone.cancelled_at = RegistrationStatus.CANCELLED, now()

    found = lines(conference)

    assert (found[NeedKind.WHEELCHAIR].placed, found[NeedKind.WHEELCHAIR].waiting) == (Count(1), Count(1))
    assert found[NeedKind.INTERPRETING].waiting == Count(1, Counter(ar=1))


def test_what_is_not_possible_is_not_ordered(conference: Conference) -> None:
    offer_all(conference)
    first, second, _third = (make.household(conference, Person(needs=[CHAIR])) for _ in range(3))
    answer_all(first, NeedState.NOT_POSSIBLE)
    answer_all(second, NeedState.ARRANGED)

    line = lines(conference)[NeedKind.WHEELCHAIR]

    assert (line.placed.people, line.open, line.not_possible) == (2, 1, 1)


@pytest.mark.parametrize(
    ("day", "deadline", "is_urgent"),
    [
        (date(2026, 3, 1), Deadline.PASSED, True),
        (date(2026, 3, 2), Deadline.NEAR, True),
        (date(2026, 3, 9), Deadline.NEAR, True),
        (date(2026, 3, 10), Deadline.AHEAD, False),
        (None, Deadline.NONE, False),
    ],
)
def test_a_day_to_order_by_warns_while_something_is_open(
    conference: Conference, day: date | None, deadline: Deadline, is_urgent: bool
) -> None:
    make.support_offers(conference, NeedKind.WHEELCHAIR, order_by=day)
    registration = make.household(conference, Person(needs=[CHAIR]))

    line = lines(conference)[NeedKind.WHEELCHAIR]
    assert (line.deadline, line.is_urgent) == (deadline, is_urgent)
    assert (conference.id in read.reminders([conference.id], now())) is is_urgent

    answer_all(registration, NeedState.ARRANGED)
    assert not lines(conference)[NeedKind.WHEELCHAIR].is_urgent
    assert read.reminders([conference.id], now()) == {}


@pytest.mark.parametrize(
    ("house", "doubts"),
    [
        ({"step_free": True, "accessible_wc": True, "induction_loop": True}, []),
        (
            {"step_free": False, "accessible_wc": False, "induction_loop": False},
            [Doubt.NOT_STEP_FREE, Doubt.NO_ACCESSIBLE_WC, Doubt.NO_INDUCTION_LOOP],
        ),
        (
            {},
            [Doubt.STEP_FREE_UNKNOWN, Doubt.ACCESSIBLE_WC_UNKNOWN, Doubt.INDUCTION_LOOP_UNKNOWN],
        ),
        (None, [Doubt.NO_VENUE]),
    ],
)
def test_the_house_is_doubted_for_those_who_come(
    app: Flask, house: dict[str, bool] | None, doubts: list[Doubt]
) -> None:
    host = make.host()
    venue = make.venue(host, **house) if house is not None else None
    conference = make.conference(host, venue_id=venue.id if venue else None)
    offer_all(conference)
    assert support_sheet.sheet(conference, now()).doubts == []

    make.household(conference, Person(needs=[CHAIR, Wanted(NeedKind.INDUCTION_LOOP)]))

    assert support_sheet.sheet(conference, now()).doubts == doubts


def test_households_are_found_by_kind_and_answer(conference: Conference) -> None:
    offer_all(conference)
    first = make.household(
        conference,
        Person(needs=[CHAIR]),
        Person(age=3, needs=[Wanted(NeedKind.CHILDCARE)]),
        display_name="Ada",
    )
    second = make.household(conference, Person(), Person(name="Bo", needs=[ARABIC]), display_name="Cem")
    make.household(conference, Person())
    answer_all(second, NeedState.ARRANGED)

    def names(**wanted: object) -> list[int]:
        return [entry.id for entry in read.households(conference, **wanted).entries]

    assert names() == [first.id, second.id]
    assert names(kind=NeedKind.CHILDCARE) == [first.id]
    assert names(kind=NeedKind.DIET) == []
    assert names(state=NeedState.OPEN) == [first.id]
    assert names(kind=NeedKind.INTERPRETING, state=NeedState.ARRANGED) == [second.id]
    ada, cem = read.households(conference).entries
    assert [(person.position, person.age) for person in ada.people] == [(1, None), (2, 3)]
    assert [(person.name, [need.wanted for need in person.needs]) for person in cem.people] == [
        ("Bo", [ARABIC])
    ]


@pytest.mark.parametrize("size", [1, 3, 300])
def test_the_number_of_statements_does_not_depend_on_how_many_need_something(app: Flask, size: int) -> None:
    conference = make.conference()
    offer_all(conference)
    people = [Person(needs=[CHAIR, ARABIC]), Person(age=3, needs=[Wanted(NeedKind.CHILDCARE)])]
    with transaction():
        for _ in range(size):
            make.household(conference, *people)
    db.session.rollback()
    # A page has loaded both with the address.
    conference_id, _venue = conference.id, conference.venue

    with statements() as of_sheet:
        sheet = support_sheet.sheet(conference, now())
    with statements() as of_list:
        found = read.households(conference, page=99)
    with statements() as of_reminders:
        read.reminders([conference_id], now() + timedelta(days=1))

    assert [line.placed.people for line in sheet.lines[:1]] == [size]
    assert (found.found, found.page, len(found.entries)) == (size, max(1, size // 50), min(size, 50))
    assert (len(of_sheet), len(of_list), len(of_reminders)) == (3, 2, 2)
