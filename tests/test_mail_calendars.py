"""The calendar entries that go with mails, as they arrive at a real mail server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from icalendar import Calendar

from app import mail
from app.database import db, now, transaction
from app.domain import households, offers, registrations
from app.models import ContactChannel
from tests import mailserver, make
from tests.exports.calendars import a_conference

ADDRESS = "amina@post.example"


@pytest.fixture
def postbox(app, monkeypatch):
    """A mail server that the app sends to."""
    with mailserver.running() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{box.port}")
        yield box


@pytest.fixture
def conference(app, clock):
    return a_conference()


@pytest.fixture
def groups(conference):
    return make.two_groups_in_two_rounds(conference)


def by_mail(conference, *group_rounds, **details):
    return make.registration(
        conference, *group_rounds, contact_channel=ContactChannel.EMAIL, contact=ADDRESS, **details
    )


def next_mail(postbox):
    """The calendar parts of the mail that is due now: by UID, the method and the entry."""
    before = len(postbox.mails)
    assert mail.deliver() == 1
    db.session.expire_all()
    found = {}
    for part in postbox.mails[before].iter_attachments():
        assert part.get_content_type() == "text/calendar"
        read = Calendar.from_ical(part.get_content())
        (entry,) = read.walk("VEVENT")
        # The header and the file must name the same method, and a file holds one UID (RFC 5546, 6047).
        assert part.get_param("method") == read["METHOD"]
        assert str(entry["UID"]) not in found
        found[str(entry["UID"])] = (str(read["METHOD"]), entry)
    return found


def said(found):
    return sorted((method, str(entry["STATUS"]), str(entry["SUMMARY"])) for method, entry in found.values())


def test_a_confirmation_invites_nobody_but_the_recipient(conference, groups, postbox):
    registration = by_mail(conference, groups[0].rounds[0], name="Frau Beispiel")

    found = next_mail(postbox)

    assert said(found) == [
        ("REQUEST", "CONFIRMED", "Arbeitsgruppe 1: Wohnen"),
        ("REQUEST", "CONFIRMED", "Sozialkonferenz Rheine; Teil 1"),
    ]
    for _method, entry in found.values():
        attendee = entry["ATTENDEE"]
        assert (str(attendee), dict(attendee.params)) == (
            f"mailto:{ADDRESS}",
            {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"},
        )
        assert str(entry["ORGANIZER"]) == "mailto:sozialplanung@rheine.example"
    whole = postbox.mails[0].as_string()
    assert "Beispiel" not in whole
    for part in postbox.mails[0].iter_attachments():
        assert registrations.link_token(registration) not in part.get_content().replace("\r\n ", "")


def test_a_group_given_up_is_called_off_and_the_new_one_invited_to(conference, groups, postbox):
    housing, poverty = groups
    registration = by_mail(conference, housing.rounds[0])
    first = next_mail(postbox)

    households.change_groups(registration, {registration.participants[0].id: {1: poverty.rounds[0]}})
    second = next_mail(postbox)

    assert said(second) == [
        ("CANCEL", "CANCELLED", "Arbeitsgruppe 1: Wohnen"),
        ("REQUEST", "CONFIRMED", "Arbeitsgruppe 2: Armut"),
        ("REQUEST", "CONFIRMED", "Sozialkonferenz Rheine; Teil 1"),
    ]
    assert set(first) < set(second)
    for name in first:
        assert second[name][1]["SEQUENCE"] > first[name][1]["SEQUENCE"]


def test_a_cancelled_registration_calls_off_all_it_was_invited_to(conference, groups, postbox):
    registration = by_mail(conference, groups[0].rounds[0])
    first = next_mail(postbox)

    registrations.cancel(registration)
    second = next_mail(postbox)

    assert [method for method, _status, _summary in said(second)] == ["CANCEL", "CANCEL"]
    assert set(first) == set(second)
    for name, (_method, entry) in second.items():
        assert entry["SEQUENCE"] > first[name][1]["SEQUENCE"]
        assert str(entry["ATTENDEE"]) == f"mailto:{ADDRESS}"


def test_a_place_in_a_queue_invites_to_nothing_certain(conference, groups, postbox):
    make.registration(conference, groups[0].rounds[0])

    by_mail(conference, groups[0].rounds[0])

    found = next_mail(postbox)
    assert said(found) == [
        ("REQUEST", "CONFIRMED", "Sozialkonferenz Rheine; Teil 1"),
        ("REQUEST", "TENTATIVE", "Warteliste: Arbeitsgruppe 1: Wohnen"),
    ]
    waiting = next(entry for _method, entry in found.values() if str(entry["STATUS"]) == "TENTATIVE")
    assert waiting["ATTENDEE"].params["PARTSTAT"] == "TENTATIVE"
    assert str(waiting["TRANSP"]) == "TRANSPARENT"


def test_without_an_address_that_answers_it_is_a_file_to_keep(app, monkeypatch, conference, groups, postbox):
    with transaction():
        conference.contact_email = conference.host.email = ""
    monkeypatch.setitem(app.config, "MAIL_FROM", "noreply@kreis.example")
    by_mail(conference, groups[0].rounds[0])

    assert mail.deliver() == 1

    (part,) = postbox.mails[0].iter_attachments()
    assert part.get_param("method") == "PUBLISH"
    assert len(Calendar.from_ical(part.get_content()).walk("VEVENT")) == 2


def test_a_lapsed_offer_calls_off_what_was_tentative(conference, clock, postbox):
    with transaction():
        conference.capacity, conference.makes_offers = 1, True
    first = make.registration(conference)
    by_mail(conference)
    waiting = next_mail(postbox)

    registrations.cancel(first)
    offered = next_mail(postbox)
    clock.shift(timedelta(hours=conference.offer_hours, minutes=1))
    offers.lapse_due(now())
    lapsed = next_mail(postbox)

    assert [said(found)[0][:2] for found in (waiting, offered, lapsed)] == [
        ("REQUEST", "TENTATIVE"),
        ("REQUEST", "TENTATIVE"),
        ("CANCEL", "CANCELLED"),
    ]
    (name,) = waiting
    assert set(offered) == set(lapsed) == {name}
    assert waiting[name][1]["SEQUENCE"] < offered[name][1]["SEQUENCE"] < lapsed[name][1]["SEQUENCE"]
