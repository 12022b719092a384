"""Institutions are invited, and their answer is a registration or none."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.domain import households, invitations, registrations, secrets
from app.domain.errors import (
    InstitutionListed,
    InstitutionNameMissing,
    InvitationAnswered,
    NotFound,
    TooManyFromInstitution,
    TooManyInvited,
)
from app.models import InvitationState, Message, MessageKind, Registration, RoleGroup, StaffRole
from tests import counting, make

PERSON = registrations.Person(name="Frau Beispiel")


@pytest.fixture
def conference(app, clock):
    return make.conference()


@pytest.fixture
def staff(conference):
    return make.staff_member(StaffRole.ORGANIZER, conference.host)


def invited(conference, staff, organisation="Tafel", **values):
    invitation = invitations.add(conference, invitations.Wanted(organisation, **values), by=staff)
    invitations.invite(invitation)
    return invitation


def accept(invitation, *people, submission="antwort-antwort-antwort"):
    details = invitations.details(invitation, display_name="Frau Beispiel")
    return invitations.accept(invitation, details, people or [PERSON], submission=submission)


def mails():
    db.session.expire_all()
    question = select(Message).where(Message.kind == MessageKind.INSTITUTION_INVITATION).order_by(Message.id)
    return list(db.session.scalars(question))


def test_listing_tells_nobody_and_inviting_sends_the_link_once(conference, staff):
    invitation = invitations.add(
        conference, invitations.Wanted("  Die   Tafel ", "tafel@post.example"), by=staff
    )
    listed = (invitation.organisation, invitation.state, mails())

    invitations.invite(invitation)
    invitations.invite(invitation)

    (message,) = mails()
    assert listed == ("Die Tafel", InvitationState.DRAFT, [])
    assert invitation.state is InvitationState.INVITED
    assert secrets.decrypt(message.recipient) == "tafel@post.example"
    assert json.loads(secrets.decrypt(message.payload)) == {
        "invitation": invitation.id,
        "token": invitations.link_token(invitation),
    }
    assert "tafel" not in message.recipient + message.payload + invitation.email


def test_inviting_again_makes_the_earlier_link_void(conference, staff, clock):
    invitation = invited(conference, staff, email="tafel@post.example")
    first = invitations.link_token(invitation)
    clock.shift(timedelta(days=3))

    invitations.invite(invitation)

    assert len(mails()) == 2
    assert invitations.by_link(conference, invitations.link_token(invitation)) == invitation
    with pytest.raises(NotFound):
        invitations.by_link(conference, first)


def test_a_reminder_sends_the_same_link_once(conference, staff, clock):
    invitation = invited(conference, staff, email="tafel@post.example")
    token = invitations.link_token(invitation)
    at_once = invitations.remind(invitation)
    clock.shift(timedelta(days=3))

    reminded = [invitations.remind(invitation), invitations.remind(invitation)]
    clock.shift(timedelta(days=3))
    later = invitations.remind(invitation)

    assert (at_once, reminded, later) == (False, [True, False], True)
    payloads = [json.loads(secrets.decrypt(message.payload)) for message in mails()]
    assert [payload["token"] for payload in payloads] == [token] * 3
    assert ["reminder" in payload for payload in payloads] == [False, True, True]
    assert invitations.by_link(conference, token) == invitation


def test_all_who_owe_an_answer_are_reminded(conference, staff, clock):
    asked = [
        invited(conference, staff, name, email=email)
        for name, email in (
            ("Tafel", "t@p.example"),
            ("Verein", "v@p.example"),
            ("Ohne", ""),
            ("Nein", "n@p.example"),
        )
    ]
    invitations.add(conference, invitations.Wanted("Entwurf", "e@p.example"), by=staff)
    invitations.decline(asked[3])
    clock.shift(timedelta(days=3))

    counts = [invitations.remind_all(conference), invitations.remind_all(conference)]

    assert counts == [2, 0]
    assert [found.organisation for found in invitations.to_remind(conference)] == ["Tafel", "Verein"]
    with pytest.raises(InvitationAnswered):
        invitations.remind(asked[3])


@pytest.mark.parametrize(
    "token", ["", "1", "1-", "1-abc", "99-abc", "x-y", "²-abc", "9" * 30 + "-a", "99999999999-a"]
)
def test_a_guessed_link_opens_nothing(conference, staff, token):
    invited(conference, staff)

    with pytest.raises(NotFound):
        invitations.by_link(conference, token)


def test_the_link_of_one_conference_opens_nothing_at_another(conference, staff):
    token = invitations.link_token(invited(conference, staff))

    with pytest.raises(NotFound):
        invitations.by_link(make.conference(conference.host), token)


def test_accepting_registers_the_people_once(conference, staff):
    invitation = invited(conference, staff, most=2)

    registration, code = accept(invitation, PERSON, PERSON)
    again = accept(invitation, PERSON, PERSON)

    assert again == (registration, code)
    assert db.session.query(Registration).count() == 1
    assert (registration.role_group, registration.organisation) == (RoleGroup.INSTITUTION, "Tafel")
    assert (invitation.state, invitation.registration_id) == (InvitationState.ACCEPTED, registration.id)
    (line,) = invitations.all_of(conference)
    assert (line.people, line.is_cancelled) == (2, False)
    with pytest.raises(InvitationAnswered):
        accept(invitation, submission="eine-andere-antwort-jetzt")
    with pytest.raises(InvitationAnswered):
        invitations.decline(invitation)
    with pytest.raises(InvitationAnswered):
        invitations.remove(invitation)


def test_more_people_than_invited_are_refused_and_nothing_is_taken(conference, staff):
    invitation = invited(conference, staff, most=1)

    with pytest.raises(TooManyFromInstitution):
        accept(invitation, PERSON, PERSON)

    db.session.expire_all()
    assert (conference.places_taken, invitation.state) == (0, InvitationState.INVITED)


def test_an_institution_adds_nobody_beyond_its_invitation_and_staff_may(conference, staff):
    registration, _code = accept(invited(conference, staff, most=2), PERSON)
    households.add_person(registration, PERSON)

    with pytest.raises(TooManyFromInstitution):
        households.add_person(registration, PERSON)
    assert len(registration.participants) == 2

    households.add_person(registration, PERSON, by=staff)
    assert len(registration.participants) == 3


def test_who_declined_can_still_come_and_whoever_cancels_is_not_counted(conference, staff):
    invitation = invited(conference, staff)

    invitations.decline(invitation)
    declined = invitation.state
    registration, _code = accept(invitation)
    registrations.cancel(registration)

    assert declined is InvitationState.DECLINED
    (line,) = invitations.all_of(conference)
    assert (line.people, line.is_cancelled) == (0, True)


def test_a_removed_institution_has_no_link_any_more(conference, staff):
    invitation = invited(conference, staff)
    token = invitations.link_token(invitation)

    invitations.remove(invitation)

    assert invitations.all_of(conference) == []
    with pytest.raises(NotFound):
        invitations.by_link(conference, token)


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        (invitations.Wanted(" "), InstitutionNameMissing),
        (invitations.Wanted("Tafel"), InstitutionListed),
        (invitations.Wanted("Verein", most=0), TooManyInvited),
        (invitations.Wanted("Verein", most=13), TooManyInvited),
    ],
)
def test_what_does_not_fit_on_the_list_is_refused(conference, staff, wanted, refusal):
    invited(conference, staff)

    with pytest.raises(refusal):
        invitations.add(conference, wanted, by=staff)

    assert len(invitations.all_of(conference)) == 1


def test_the_list_takes_two_statements_however_long(conference, staff):
    counts = set()
    for number in (1, 3, 30):
        for name in range(number):
            accept(
                invited(conference, staff, f"Einrichtung {number}.{name}"),
                submission=f"{number}.{name}:{'-' * 20}",
            )
        db.session.expire_all()
        _ = conference.id
        with counting.statements() as sent:
            invitations.all_of(conference)
        counts.add(len(sent))

    assert counts == {2}
