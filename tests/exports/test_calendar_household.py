"""The calendar of one household, read back as a calendar would."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.database import db, now, transaction
from app.domain import groups as working_groups
from app.domain import households, lifecycle, offers, registrations, seats
from app.exports import calendar
from app.models import ConferenceStatus, Registration, RegistrationStatus
from tests import make
from tests.exports.calendars import BASE, a_conference, entries


@pytest.fixture
def conference(app, clock):
    return a_conference()


@pytest.fixture
def groups(conference):
    """Two groups, each in two rounds with a time; the first has one seat a round."""
    return make.two_groups_in_two_rounds(conference)


def own(registration):
    db.session.expire_all()
    return entries(calendar.personal_calendar(registration, "de", BASE))


def rows(registration):
    return [(str(entry["SUMMARY"]), str(entry["STATUS"])) for entry in own(registration)[1:]]


def choose(registration, **wanted):
    """Let the first person have these groups: `choose(registration, _1=group_round)`."""
    first = registration.participants[0].id
    households.change_groups(registration, {first: {int(name[1:]): held for name, held in wanted.items()}})


def test_the_personal_calendar_holds_ones_own_rounds(conference, groups):
    housing, poverty = groups
    make.registration(conference, poverty.rounds[0])
    registration = make.registration(conference, housing.rounds[0], poverty.rounds[1], name="Frau Beispiel")

    file = calendar.personal_calendar(registration, "de", BASE)

    whole, first, second = entries(file)
    public = entries(calendar.conference_calendar(conference, "de", BASE))[0]
    assert {name for name in public if public[name] != whole[name]} == {"UID", "SEQUENCE"}
    assert (str(first["SUMMARY"]), first.start, first.end, str(first["TRANSP"])) == (
        "Arbeitsgruppe 1: Wohnen",
        make.at("2026-06-11 15:30"),
        make.at("2026-06-11 15:55"),
        "OPAQUE",
    )
    assert first["DESCRIPTION"] == "Raum: Raum 12"
    assert first["LOCATION"] == "Raum 12, Mensa, Haus B, Schulstraße 5, 48429 Rheine"
    assert (str(second["SUMMARY"]), second.start) == ("Arbeitsgruppe 2: Armut", make.at("2026-06-11 16:00"))
    text = file.content.decode().replace("\r\n ", "")
    assert "Beispiel" not in text
    assert "ATTENDEE" not in text
    assert "meine-anmeldung" not in text
    assert registrations.link_token(registration) not in text


def test_a_place_in_the_queue_is_tentative_until_one_moves_up(conference, groups, clock):
    housing, _poverty = groups
    seated = make.registration(conference, housing.rounds[0])
    waiting = make.registration(conference, housing.rounds[0])
    assert rows(waiting) == [("Warteliste: Arbeitsgruppe 1: Wohnen", "TENTATIVE")]
    assert str(own(waiting)[1]["TRANSP"]) == "TRANSPARENT"

    seats.release(seated.participants[0].live_seats[0])

    assert rows(waiting) == [("Arbeitsgruppe 1: Wohnen", "CONFIRMED")]


def test_who_sits_in_one_group_and_waits_for_another_sees_both(conference, groups):
    housing, poverty = groups
    make.registration(conference, housing.rounds[0])
    registration = make.registration(conference, poverty.rounds[0])

    choose(registration, _1=housing.rounds[0])

    assert rows(registration) == [
        ("Warteliste: Arbeitsgruppe 1: Wohnen", "TENTATIVE"),
        ("Arbeitsgruppe 2: Armut", "CONFIRMED"),
    ]


def test_a_change_of_groups_calls_off_one_entry_and_adds_another(conference, groups, clock):
    housing, poverty = groups
    registration = make.registration(conference, housing.rounds[0])
    before = own(registration)[1]
    clock.shift(60)

    choose(registration, _1=poverty.rounds[0])

    left, entered = own(registration)[1:]
    assert (left["UID"], str(left["STATUS"])) == (before["UID"], "CANCELLED")
    assert left["SEQUENCE"] > before["SEQUENCE"]
    assert left["DTSTAMP"].dt == left["LAST-MODIFIED"].dt == before["DTSTAMP"].dt + timedelta(seconds=60)
    assert (str(entered["SUMMARY"]), str(entered["STATUS"])) == ("Arbeitsgruppe 2: Armut", "CONFIRMED")


def test_coming_back_to_a_group_takes_up_its_entry_again(conference, groups):
    housing, poverty = groups
    registration = make.registration(conference, housing.rounds[0])
    before = own(registration)[1]

    choose(registration, _1=poverty.rounds[0])
    choose(registration, _1=housing.rounds[0])

    again = own(registration)[1]
    assert (again["UID"], str(again["STATUS"])) == (before["UID"], "CONFIRMED")
    assert again["SEQUENCE"] > before["SEQUENCE"] + 1


def test_a_cancelled_registration_is_called_off_whole(conference, groups):
    registration = make.registration(conference, groups[0].rounds[0])
    before = own(registration)

    registrations.cancel(registration)

    after = own(registration)
    assert [str(entry["STATUS"]) for entry in after] == ["CANCELLED", "CANCELLED"]
    assert [entry["UID"] for entry in after] == [entry["UID"] for entry in before]
    assert min(entry["SEQUENCE"] for entry in after) > max(entry["SEQUENCE"] for entry in before)


def test_a_household_in_the_queue_has_no_certain_date(conference, clock):
    with transaction():
        conference.capacity = 1
    first = make.registration(conference)
    waiting = make.registration(conference)
    assert waiting.status is RegistrationStatus.WAITLISTED
    (entry,) = own(waiting)
    assert (str(entry["SUMMARY"]), str(entry["STATUS"])) == (
        "Warteliste: Sozialkonferenz Rheine; Teil 1",
        "TENTATIVE",
    )

    registrations.cancel(first)

    (certain,) = own(waiting)
    assert (certain["UID"], str(certain["STATUS"])) == (entry["UID"], "CONFIRMED")
    assert certain["SEQUENCE"] > entry["SEQUENCE"]


def test_an_offer_is_tentative_and_called_off_when_it_lapses(conference, clock):
    with transaction():
        conference.capacity, conference.makes_offers = 1, True
    first = make.registration(conference)
    waiting = make.registration(conference)

    registrations.cancel(first)
    (offered,) = own(waiting)
    clock.shift(timedelta(days=3, hours=conference.offer_hours, minutes=1))
    offers.lapse_due(now())
    (lapsed,) = own(waiting)

    assert (str(offered["SUMMARY"]), str(offered["STATUS"])) == (
        "Angebot: Sozialkonferenz Rheine; Teil 1",
        "TENTATIVE",
    )
    assert (lapsed["UID"], str(lapsed["STATUS"])) == (offered["UID"], "CANCELLED")
    assert lapsed["SEQUENCE"] > offered["SEQUENCE"]


@pytest.mark.parametrize(
    ("status", "said"), [(ConferenceStatus.CANCELLED, "CANCELLED"), (ConferenceStatus.POSTPONED, "TENTATIVE")]
)
def test_rounds_follow_the_conference(conference, groups, status, said):
    registration = make.registration(conference, groups[0].rounds[0])
    with transaction():
        conference.status = status

    assert [each for _summary, each in rows(registration)] == [said]


def test_another_room_raises_the_sequence_of_households(conference, groups):
    registration = make.registration(conference, groups[1].rounds[0])
    before = own(registration)[1]

    working_groups.edit(groups[1], {"room_id": groups[0].room_id})

    after = own(registration)[1]
    assert (after["UID"], str(after["DESCRIPTION"])) == (before["UID"], "Raum: Raum 12")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_conference_called_off_raises_the_sequence_of_households(conference):
    registration = make.registration(conference)
    (before,) = own(registration)

    lifecycle.cancel(conference)

    (after,) = own(registration)
    assert (after["UID"], str(after["STATUS"])) == (before["UID"], "CANCELLED")
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_a_group_without_a_time_has_no_entry_of_its_own(conference):
    group_round = make.group_round(conference)

    assert rows(make.registration(conference, group_round)) == []


def test_people_of_one_household_share_the_entries_of_their_groups(conference, groups):
    housing, poverty = groups
    meeting, second, third = poverty.rounds[0], poverty.rounds[1], housing.rounds[1]
    registration = make.household(
        conference,
        registrations.Person(name="Amina", groups={1: meeting.id, 2: second.id}),
        registrations.Person(age=9, groups={1: meeting.id, 2: third.id}),
        registrations.Person(name="Karim", groups={1: meeting.id, 2: second.id}),
    )

    assert rows(registration) == [
        ("Arbeitsgruppe 2: Armut", "CONFIRMED"),
        ("Arbeitsgruppe 1: Wohnen (Person 2)", "CONFIRMED"),
        ("Arbeitsgruppe 2: Armut (Personen 1, 3)", "CONFIRMED"),
    ]


def test_entries_of_two_households_do_not_overwrite_each_other(conference, groups):
    for _ in range(2):
        make.registration(conference, groups[1].rounds[0])
    people = db.session.query(Registration).all()

    names = [str(entry["UID"]) for each in people for entry in own(each)]

    assert len(set(names)) == 4
    for name in names:
        assert re.fullmatch(
            r"(teilnahme|gruppe-[0-9a-f]{16}-1)-[0-9a-f]{16}-\d{8}T\d{12}@sozialraumkonferenz", name
        )
