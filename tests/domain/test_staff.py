"""Invitations, passwords and roles."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import secrets, staff
from app.domain.errors import (
    EmailUnfit,
    InvitationExpired,
    NotFound,
    OwnRole,
    PasswordTooShort,
    WrongLogin,
    WrongPassword,
)
from app.models import Host, Message, RoleAssignment, StaffMember, StaffRole
from tests import make

LONG_ENOUGH = "zwölf Zeichen"


@pytest.fixture
def host(app: Flask) -> Host:
    return make.host()


def roles(member: StaffMember) -> set[tuple[StaffRole, int | None]]:
    db.session.refresh(member)
    return {(held.role, held.host_id) for held in member.assignments}


def test_invite_makes_an_account_that_cannot_sign_in_yet(host: Host) -> None:
    member, token = staff.invite(" Neu@Stadt.Example ", "Planung", StaffRole.ORGANIZER, host)

    assert (member.email, member.name, member.password_hash) == ("neu@stadt.example", "Planung", None)
    assert roles(member) == {(StaffRole.ORGANIZER, host.id)}
    assert staff.invited(token) == member
    assert token not in (member.invitation_digest or "")


def test_invite_writes_a_mail_with_the_token_encrypted(host: Host) -> None:
    _member, token = staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)

    message = db.session.scalars(select(Message)).one()
    assert token not in message.payload
    assert json.loads(secrets.decrypt(message.payload)) == {"token": token}
    assert secrets.decrypt(message.recipient) == "neu@stadt.example"


def test_invite_twice_changes_nothing_but_the_token(host: Host) -> None:
    member, first = staff.invite("neu@stadt.example", "Planung", StaffRole.ORGANIZER, host)

    again, second = staff.invite("NEU@stadt.example", "Anders", StaffRole.ORGANIZER, host)

    assert (again, again.name, roles(again)) == (member, "Planung", {(StaffRole.ORGANIZER, host.id)})
    assert staff.invited(second) == member
    with pytest.raises(InvitationExpired):
        staff.invited(first)


def test_invite_of_somebody_with_a_password_gives_the_role_only(host: Host) -> None:
    member = make.staff_member(StaffRole.ORGANIZER, make.host())

    again, token = staff.invite(member.email, "", StaffRole.HOST_ADMIN, host)

    assert (again, token) == (member, "")
    assert (StaffRole.HOST_ADMIN, host.id) in roles(member)
    assert db.session.scalar(select(Message)) is None


@pytest.mark.parametrize("email", ["", "kaputt", "a@b", "a b@c.de", "x" * 300 + "@example.org"])
def test_invite_with_an_unfit_address_is_refused(host: Host, email: str) -> None:
    with pytest.raises(EmailUnfit):
        staff.invite(email, "", StaffRole.ORGANIZER, host)

    assert db.session.scalar(select(StaffMember)) is None


def test_accept_sets_name_and_password_and_uses_the_token_up(host: Host) -> None:
    _member, token = staff.invite("neu@stadt.example", "Alt", StaffRole.ORGANIZER, host)

    member = staff.accept(token, LONG_ENOUGH, "Neu")

    assert member.name == "Neu"
    assert staff.sign_in("neu@stadt.example", LONG_ENOUGH) == member
    with pytest.raises(InvitationExpired):
        staff.accept(token, "ein anderes Passwort")


def test_accept_without_a_name_keeps_it(host: Host) -> None:
    _member, token = staff.invite("neu@stadt.example", "Alt", StaffRole.ORGANIZER, host)

    assert staff.accept(token, LONG_ENOUGH).name == "Alt"


def test_accept_with_a_short_password_keeps_the_invitation(host: Host) -> None:
    member, token = staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)

    with pytest.raises(PasswordTooShort, match="mindestens 12 Zeichen"):
        staff.accept(token, "elf Zeichen")

    assert staff.invited(token) == member


def test_accept_after_two_weeks_is_refused(host: Host, clock: time_machine.Traveller) -> None:
    _member, token = staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)
    clock.shift(timedelta(days=14))
    assert staff.invited(token)

    clock.shift(timedelta(seconds=1))

    with pytest.raises(InvitationExpired):
        staff.accept(token, LONG_ENOUGH)


@pytest.mark.parametrize("token", ["", "rubbish", "\u202e", "x" * 100_000])
def test_rubbish_is_no_invitation(app: Flask, token: str) -> None:
    with pytest.raises(InvitationExpired):
        staff.invited(token)


def test_sign_in_notes_the_time(host: Host, clock: time_machine.Traveller) -> None:
    member = make.staff_member(StaffRole.ORGANIZER, host)

    assert staff.sign_in(f"  {member.email.upper()}", make.PASSWORD) == member
    assert member.signed_in_at == now()


@pytest.mark.parametrize("case", ["wrong", "unknown", "locked", "invited", "broken"])
def test_sign_in_says_the_same_whatever_was_wrong(host: Host, case: str) -> None:
    member = make.staff_member(StaffRole.ORGANIZER, host)
    with transaction():
        member.is_active = case != "locked"
        if case in ("invited", "broken"):
            member.password_hash = None if case == "invited" else "no hash"
    email = "niemand@stadt.example" if case == "unknown" else member.email

    with pytest.raises(WrongLogin) as refused:
        staff.sign_in(email, "falsch" if case == "wrong" else make.PASSWORD)

    assert str(refused.value) == "E-Mail-Adresse oder Passwort stimmt nicht. Bitte prüfen Sie beides."


def test_sign_in_works_on_every_keyboard(host: Host) -> None:
    """The same letters come as one or as two code points, depending on the system."""
    member = make.staff_member(StaffRole.ORGANIZER, host)

    staff.set_password(member, "zwo\u0308lf Zeichen lang")

    assert staff.sign_in(member.email, "zw\u00f6lf Zeichen lang") == member


def test_sign_in_renews_an_outdated_hash(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    member = make.staff_member(StaffRole.ORGANIZER, host)
    before = member.password_hash
    monkeypatch.setattr(staff, "_hasher", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))

    staff.sign_in(member.email, make.PASSWORD)

    assert member.password_hash != before
    assert "m=16,t=2" in (member.password_hash or "")
    assert staff.sign_in(member.email, make.PASSWORD) == member


def test_set_password_ends_sessions_and_invitations(host: Host) -> None:
    member, token = staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)
    stamp = member.session_stamp

    staff.set_password(member, LONG_ENOUGH)

    assert member.session_stamp != stamp
    with pytest.raises(InvitationExpired):
        staff.invited(token)


def test_set_password_counts_characters_not_kinds(host: Host) -> None:
    member = make.staff_member(StaffRole.ORGANIZER, host)
    with pytest.raises(PasswordTooShort):
        staff.set_password(member, "A1!b2?C3#d4")

    staff.set_password(member, "a" * 12)

    assert staff.sign_in(member.email, "a" * 12)


def test_change_password_needs_the_present_one(host: Host) -> None:
    member = make.staff_member(StaffRole.ORGANIZER, host)

    with pytest.raises(WrongPassword):
        staff.change_password(member, "falsch", LONG_ENOUGH)
    staff.change_password(member, make.PASSWORD, LONG_ENOUGH)

    assert staff.sign_in(member.email, LONG_ENOUGH)


def test_change_password_of_somebody_without_one_is_refused(host: Host) -> None:
    member, _token = staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)

    with pytest.raises(WrongPassword):
        staff.change_password(member, "", LONG_ENOUGH)


def test_new_password_can_be_used_at_once(host: Host) -> None:
    member = make.staff_member(StaffRole.ORGANIZER, host)

    password = staff.new_password(member)

    assert len(password) >= staff.MIN_PASSWORD
    assert staff.sign_in(member.email, password) == member
    assert staff.new_password(member) != password


def test_create_makes_an_account_that_can_sign_in(host: Host) -> None:
    member = staff.create("demo@stadt.example", "Demo", StaffRole.HOST_ADMIN, host, LONG_ENOUGH)

    assert staff.sign_in("demo@stadt.example", LONG_ENOUGH) == member
    assert roles(member) == {(StaffRole.HOST_ADMIN, host.id)}


def test_create_of_an_existing_account_adds_the_role(host: Host) -> None:
    first = staff.create("demo@stadt.example", "Demo", StaffRole.HOST_ADMIN, host, LONG_ENOUGH)

    again = staff.create("Demo@stadt.example", "Anders", StaffRole.ORGANIZER, host, "ein neues Passwort")

    assert (again, again.name) == (first, "Demo")
    assert roles(again) == {(StaffRole.HOST_ADMIN, host.id), (StaffRole.ORGANIZER, host.id)}
    with pytest.raises(WrongLogin):
        staff.sign_in("demo@stadt.example", LONG_ENOUGH)


def test_withdraw_takes_one_role_back(host: Host) -> None:
    by = make.staff_member(StaffRole.HOST_ADMIN, host)
    member = make.staff_member(StaffRole.ORGANIZER, host)
    elsewhere = make.host()
    staff.invite(member.email, "", StaffRole.ORGANIZER, elsewhere)
    held = next(held.id for held in member.assignments if held.host_id == host.id)

    staff.withdraw(host, held, by)

    assert roles(member) == {(StaffRole.ORGANIZER, elsewhere.id)}
    with pytest.raises(NotFound):
        staff.withdraw(host, held, by)


def test_withdraw_of_the_last_role_keeps_the_account(host: Host) -> None:
    member = make.staff_member(StaffRole.ORGANIZER, host)

    staff.withdraw(host, member.assignments[0].id, make.staff_member(StaffRole.HOST_ADMIN, host))

    assert roles(member) == set()
    assert staff.sign_in(member.email, make.PASSWORD) == member


def test_withdraw_of_an_open_invitation_deletes_it(host: Host) -> None:
    member, token = staff.invite("neu@stadt.example", "", StaffRole.ORGANIZER, host)

    staff.withdraw(host, member.assignments[0].id, make.staff_member(StaffRole.HOST_ADMIN, host))

    assert staff.find("neu@stadt.example") is None
    with pytest.raises(InvitationExpired):
        staff.accept(token, LONG_ENOUGH)


def test_withdraw_of_ones_own_role_is_refused(host: Host) -> None:
    by = make.staff_member(StaffRole.HOST_ADMIN, host)

    with pytest.raises(OwnRole):
        staff.withdraw(host, by.assignments[0].id, by)


def test_withdraw_elsewhere_is_refused(host: Host) -> None:
    member = make.staff_member(StaffRole.ORGANIZER, make.host())
    admin = make.staff_member(StaffRole.INSTANCE_ADMIN)

    for held in (member.assignments[0].id, admin.assignments[0].id):
        with pytest.raises(NotFound):
            staff.withdraw(host, held, make.staff_member(StaffRole.HOST_ADMIN, host))

    assert len(db.session.scalars(select(RoleAssignment)).all()) == 4
