"""The day as one reads it: who stands on the lists, the counts, and how many statements that takes."""

import pytest

from app.database import db
from app.domain import day, registrations
from app.domain.queries import day as read
from app.domain.registrations import Details, Person
from app.models import RoleGroup
from tests import make
from tests.counting import statements


def household(conference, *people, name="", organisation=""):
    registration, _code = registrations.register(
        conference,
        Details(RoleGroup.RESIDENT, display_name=name, organisation=organisation),
        people,
        submission=make.secrets.token_urlsafe(24),
    )
    return registration


def labels(conference):
    return [found.label for found in read.households(conference)]


def test_households_stand_in_the_order_of_family_names(app):
    conference = make.conference()
    household(conference, Person(), name="Zoë Ärmel")
    household(conference, Person())
    household(conference, Person(name="Anna Zander"), Person(age=3))
    household(conference, Person(), organisation="Bürgerhaus")

    assert labels(conference) == ["Zoë Ärmel", "Bürgerhaus", "Anna Zander", ""]


def test_nobody_who_waits_or_has_cancelled_is_expected(app):
    conference = make.conference(capacity=2)
    meeting = make.group_round(conference, capacity=1)
    make.registration(conference, meeting, name="Erste Person")
    gone = make.registration(conference, meeting, name="Weg Gegangen")
    make.registration(conference, name="Wartende Person")
    registrations.cancel(gone)
    make.registration(conference, meeting, name="Zweite Wartende")

    found = read.households(conference)

    # The place that became free went to the first of the queue; the last still waits.
    assert [entry.label for entry in found] == ["Erste Person", "Wartende Person"]
    assert [[place.id for place in entry.guests[0].meetings] for entry in found] == [[meeting.id], []]


def test_the_contact_names_the_first_adult_only_where_nobody_has_a_name(app):
    conference = make.conference()
    household(conference, Person(age=4), Person(), Person(), name="Mona Amiri")
    household(conference, Person(), Person(name="Karim Amiri"), name="Mona Amiri")

    found = [[guest.name for guest in entry.guests] for entry in read.households(conference)]

    assert found == [["", "Mona Amiri", ""], ["", "Karim Amiri"]]


def test_search_finds_without_capitals_and_accents(app):
    conference = make.conference()
    household(conference, Person(name="Jürgen Groß"), Person(name="Élodie"), name="")
    household(conference, Person(), name="Anna", organisation="Tafel e. V.")

    everybody = read.households(conference)

    assert [entry.label for entry in read.search(everybody, "JURGEN elod")] == ["Jürgen Groß"]
    assert [entry.label for entry in read.search(everybody, "tafel")] == ["Anna"]
    assert read.search(everybody, "niemand") == []
    assert read.search(everybody, " ") == everybody


def test_counts_tell_present_of_seated_of_capacity(app):
    conference = make.conference(walk_in_quota=2, capacity=9)
    meeting = make.group_round(conference, capacity=3)
    guests = make.registration(conference, meeting, people=2)
    make.registration(conference)
    day.check_in(conference, [guests.participants[0].id], group_round=meeting)
    day.walk_in(conference, [Person()], submission="x" * 20, by=make.staff_member(of=conference.host))

    counts = read.counts(conference)

    assert (counts.expected, counts.arrived, counts.walk_ins, counts.noted) == (4, 2, 1, 0)
    assert [(room.meeting.capacity, room.seated, room.present) for room in counts.rooms] == [(3, 2, 1)]


@pytest.mark.parametrize("people", [1, 3, 300])
def test_reading_takes_the_same_statements_for_any_number_of_people(app, people):
    conference = make.conference()
    meeting = make.group_round(conference, capacity=300)
    for _ in range(max(1, people // 12)):
        guests = make.registration(conference, meeting, people=min(12, people))
        day.check_in(conference, [guest.id for guest in guests.participants], group_round=meeting)
    db.session.rollback()
    assert conference.id

    with statements() as for_people:
        found = read.households(conference)
    with statements() as for_counts:
        read.counts(conference)

    assert sum(len(entry.guests) for entry in found) == people
    assert (len(for_people), len(for_counts)) == (4, 4)
