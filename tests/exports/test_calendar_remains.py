"""What is gone for good still says CANCELLED in the calendar of its household."""

from __future__ import annotations

import pytest

from app.database import db
from app.domain import calendar as domain_calendar
from app.domain import groups as working_groups
from app.domain import households, registrations, seats
from app.exports import calendar
from app.models import ContactChannel, Message, MessageKind
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
    return {
        str(entry["UID"]): (str(entry["SUMMARY"]), str(entry["STATUS"]), int(entry["SEQUENCE"]))
        for entry in entries(calendar.personal_calendar(registration, "de", BASE))
    }


def family(conference, *meetings, **details):
    """One person without a group, then one for each meeting."""
    return make.household(
        conference,
        registrations.Person(name="Amina"),
        *(registrations.Person(groups={held.number: held.id}) for held in meetings),
        **{"contact_channel": ContactChannel.EMAIL, "contact": "amina@post.example", **details},
    )


def test_who_comes_no_more_leaves_the_groups_only_they_were_in_as_cancelled(conference, groups):
    alone, shared = groups[0].rounds[0], groups[1].rounds[0]
    home = family(conference, shared, shared, alone)
    whole, gone, group = own(home)

    households.remove_person(home.participants[3])

    after = own(home)
    assert list(after) == [whole, group, gone]
    assert [entry[1] for entry in after.values()] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert len({entry[2] for entry in after.values()}) == 1
    files = calendar.calendars_for_mail(home, "de", BASE, "amina@post.example")
    assert [file.method for file in files] == ["REQUEST", "REQUEST", "CANCEL"]
    # Only their own calendar tells it.
    assert domain_calendar.cancelled(conference) == []


def test_the_household_gets_a_mail_when_somebody_with_a_group_is_taken_out_and_none_otherwise(
    conference, groups
):
    home = family(conference, groups[0].rounds[0])
    with_group, without = home.participants[1], home.participants[0]

    def mails():
        return db.session.query(Message).filter_by(kind=MessageKind.GROUPS_CHANGED).count()

    households.add_person(home, registrations.Person(name="Karim"))
    households.remove_person(without)
    assert mails() == 0
    households.remove_person(with_group)
    assert mails() == 1


def test_somebody_who_comes_back_to_the_group_has_its_entry_again_and_it_is_kept_once(conference, groups):
    meeting = groups[0].rounds[0]
    home = family(conference, meeting)
    before = own(home)
    households.remove_person(home.participants[1])
    cancelled = own(home)

    back = households.add_person(home, registrations.Person(groups={1: meeting.id}))

    again = own(home)
    assert list(before) == list(cancelled) == list(again)
    entry = list(before)[1]
    assert [found[entry][1] for found in (before, cancelled, again)] == [
        "CONFIRMED",
        "CANCELLED",
        "CONFIRMED",
    ]
    assert before[entry][2] < cancelled[entry][2] < again[entry][2]
    households.remove_person(back)
    assert own(home)[entry][1] == "CANCELLED"


def test_a_seat_given_up_in_a_group_that_is_taken_out_stays_cancelled(conference, groups):
    home = family(conference, groups[0].rounds[0])
    before = own(home)
    seats.release_all(home.participants)

    working_groups.remove(groups[0])

    after = own(home)
    assert list(after) == list(before)
    assert [entry[1] for entry in after.values()] == ["CONFIRMED", "CANCELLED"]
