"""Registrations from the first word to the last."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.database import db, now, transaction
from app.domain import codes, notices, registrations, secrets
from app.domain.errors import (
    ConferenceFull,
    NoSignupHere,
    NotFound,
    SignupClosed,
    UnknownCode,
)
from app.domain.registrations import Details, Person
from app.models import (
    Conference,
    ConferenceStatus,
    ContactChannel,
    Message,
    MessageKind,
    Registration,
    RegistrationChannel,
    RegistrationStatus,
    RoleGroup,
    SeatState,
    StaffRole,
)
from tests import make

RESIDENT = Details(role_group=RoleGroup.RESIDENT)
ALONE = [Person()]


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference(capacity=10)


def count(conference: Conference) -> tuple[int, int]:
    """Places taken, and registrations there are."""
    db.session.refresh(conference)
    rows = db.session.scalar(select(func.count()).select_from(Registration)) or 0
    return conference.places_taken, rows


def told(kind: MessageKind) -> int:
    return db.session.scalar(select(func.count()).select_from(Message).where(Message.kind == kind)) or 0


def held(registration: Registration) -> list[tuple[int, int, str]]:
    db.session.expire_all()
    return [
        (seat.round_number, seat.group_round_id, seat.state.value)
        for seat in registration.participants[0].live_seats
    ]


def test_register_gives_a_place_seats_and_a_code(conference: Conference) -> None:
    group = make.group(conference, rounds=2, capacity=1)
    make.registration(conference, group.rounds[1])

    registration, code = registrations.register(
        conference,
        RESIDENT,
        [Person(groups={held.number: held.id for held in group.rounds})],
        submission="form",
    )

    assert held(registration) == [(1, group.rounds[0].id, "seated"), (2, group.rounds[1].id, "waiting")]
    assert registrations.by_code(conference.host_id, code) == registration
    assert count(conference) == (2, 2)
    assert code not in str(vars(registration))


def test_register_keeps_the_contact_encrypted(conference: Conference) -> None:
    registration = make.registration(conference, contact_channel=ContactChannel.PHONE, contact="0209 123456")

    assert "0209" not in registration.contact
    assert secrets.decrypt(registration.contact) == "0209 123456"
    assert "0209" not in repr(Details(role_group=RoleGroup.RESIDENT, contact="0209 123456"))


@pytest.mark.parametrize(
    ("channel", "contact"), [(ContactChannel.EMAIL, ""), (ContactChannel.NONE, "0209 123456")]
)
def test_register_without_a_way_to_reach_somebody_keeps_none(
    conference: Conference, channel: ContactChannel, contact: str
) -> None:
    registration = make.registration(conference, contact_channel=channel, contact=contact)

    assert (registration.contact_channel, registration.contact) == (ContactChannel.NONE, "")
    assert told(MessageKind.REGISTRATION_CONFIRMED) == 0


def test_register_with_an_address_confirms_by_mail(conference: Conference) -> None:
    registration = make.registration(
        conference, contact_channel=ContactChannel.EMAIL, contact="a@example.org", language="ar"
    )

    message = db.session.scalars(select(Message)).one()
    assert (message.registration_id, message.language) == (registration.id, "ar")


def test_register_with_the_same_form_changes_nothing(conference: Conference) -> None:
    first, code = registrations.register(conference, RESIDENT, ALONE, submission="form")

    again, same = registrations.register(
        conference, Details(role_group=RoleGroup.PRESS), [Person(), Person()], submission="form"
    )

    assert (again, same, count(conference)) == (first, code, (1, 1))
    assert held(first) == []


def test_register_with_the_same_form_at_another_conference_is_another(conference: Conference) -> None:
    first, _code = registrations.register(conference, RESIDENT, ALONE, submission="form")
    other, _code = registrations.register(make.conference(), RESIDENT, ALONE, submission="form")

    assert first != other


def test_register_with_the_same_form_after_a_new_code_does_not_tell_it(conference: Conference) -> None:
    registration, _code = registrations.register(conference, RESIDENT, ALONE, submission="form")
    registrations.renew_code(registration)

    assert registrations.register(conference, RESIDENT, ALONE, submission="form") == (registration, "")


def test_register_finds_a_code_nobody_has(conference: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    _first, taken = registrations.register(conference, RESIDENT, ALONE, submission="first")
    spell = codes.code_of_submission
    monkeypatch.setattr(
        codes,
        "code_of_submission",
        lambda form, attempt=0: taken if attempt < 2 else spell(form, attempt),
    )

    registration, code = registrations.register(conference, RESIDENT, ALONE, submission="second")

    assert code != taken
    assert registrations.register(conference, RESIDENT, ALONE, submission="second") == (registration, code)


def test_register_gives_up_when_no_code_is_free(
    conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    _first, taken = registrations.register(conference, RESIDENT, ALONE, submission="first")
    monkeypatch.setattr(codes, "code_of_submission", lambda form, attempt=0: taken)

    with pytest.raises(RuntimeError, match="eight codes"):
        registrations.register(conference, RESIDENT, ALONE, submission="second")

    assert count(conference) == (1, 1)


def test_register_that_loses_a_race_with_itself_returns_the_winner(
    conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two connections may both find no earlier form; the unique mark then decides."""
    first, code = registrations.register(conference, RESIDENT, ALONE, submission="form")
    monkeypatch.setattr(registrations, "_earlier_or_code", lambda *_: (None, "a-b-c-10"))

    assert registrations.register(conference, RESIDENT, ALONE, submission="form") == (first, code)
    assert count(conference) == (1, 1)


def test_register_does_not_hide_another_fault_of_the_database(
    conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    _first, taken = registrations.register(conference, RESIDENT, ALONE, submission="first")
    monkeypatch.setattr(registrations, "_earlier_or_code", lambda *_: (None, taken))

    with pytest.raises(IntegrityError):
        registrations.register(conference, RESIDENT, ALONE, submission="second")

    assert count(conference) == (1, 1)


def test_register_at_a_full_conference_waits_and_without_a_queue_is_refused(conference: Conference) -> None:
    with transaction():
        conference.capacity = 1
    make.registration(conference)

    waiting = make.registration(conference)
    with transaction():
        conference.has_queue = False
    with pytest.raises(ConferenceFull):
        make.registration(conference)
    with pytest.raises(ConferenceFull):
        make.registration(conference, by=make.staff_member())

    assert (waiting.status, waiting.ticket, waiting.has_place) == (RegistrationStatus.WAITLISTED, 1, False)
    assert count(conference) == (1, 2)
    assert conference.waiting == 1


def test_register_leaves_places_for_walk_ins(conference: Conference) -> None:
    with transaction():
        conference.capacity, conference.walk_in_quota = 2, 1
    by = make.staff_member()
    make.registration(conference)
    waiting = make.registration(conference, channel=RegistrationChannel.PHONE, by=by)

    walk_in = make.registration(conference, channel=RegistrationChannel.WALK_IN, by=by)

    with pytest.raises(ConferenceFull):
        make.registration(conference, channel=RegistrationChannel.WALK_IN, by=by)
    assert (waiting.has_place, walk_in.has_place) == (False, True)
    assert count(conference) == (2, 3)
    assert (conference.walk_ins_taken, conference.waiting) == (1, 1)


def test_register_as_a_walk_in_is_for_staff_only(conference: Conference) -> None:
    with transaction():
        conference.capacity = conference.walk_in_quota = 1

    with pytest.raises(ConferenceFull):
        make.registration(conference, channel=RegistrationChannel.WALK_IN)


def test_register_without_a_limit_never_ends(conference: Conference) -> None:
    with transaction():
        conference.capacity = None

    for _ in range(12):
        make.registration(conference)

    assert count(conference) == (12, 12)


@pytest.mark.parametrize(
    "status",
    [
        ConferenceStatus.ANNOUNCED,
        ConferenceStatus.REGISTRATION_CLOSED,
        ConferenceStatus.RUNNING,
        ConferenceStatus.POSTPONED,
        ConferenceStatus.PUBLISHED,
    ],
)
def test_register_when_it_is_not_open_is_for_staff_only(
    conference: Conference, status: ConferenceStatus
) -> None:
    with transaction():
        conference.status = status

    with pytest.raises(SignupClosed):
        make.registration(conference)
    registration = make.registration(
        conference, channel=RegistrationChannel.PAPER, by=make.staff_member(StaffRole.ORGANIZER)
    )

    assert registration.created_by_id is not None
    assert count(conference) == (1, 1)


@pytest.mark.parametrize(
    "status", [ConferenceStatus.DRAFT, ConferenceStatus.ARCHIVED, ConferenceStatus.CANCELLED]
)
def test_register_where_nobody_can_come_is_for_nobody(
    conference: Conference, status: ConferenceStatus
) -> None:
    with transaction():
        conference.status = status

    with pytest.raises(NoSignupHere):
        make.registration(conference, by=make.staff_member())
    with pytest.raises(SignupClosed):
        make.registration(conference)


def test_register_in_time_counts_the_moment_of_sending(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    with transaction():
        conference.registration_closes_at = now() + timedelta(minutes=1)
    make.registration(conference)

    clock.shift(timedelta(minutes=1))

    with pytest.raises(SignupClosed):
        make.registration(conference)


def test_register_in_a_group_elsewhere_changes_nothing(conference: Conference) -> None:
    elsewhere = make.group_round(make.conference())

    with pytest.raises(NotFound):
        make.registration(conference, make.group_round(conference), elsewhere)

    assert count(conference) == (0, 0)
    assert told(MessageKind.REGISTRATION_CONFIRMED) == 0


# --- Cancelling, correcting, codes -----------------------------------------------------------------------------------


def test_cancel_gives_place_and_seats_to_others_and_tells_them(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    leaving = make.registration(
        conference, group_round, contact_channel=ContactChannel.EMAIL, contact="a@example.org"
    )
    waiting = make.registration(
        conference, group_round, contact_channel=ContactChannel.EMAIL, contact="b@example.org"
    )

    registrations.cancel(leaving)
    registrations.cancel(leaving)

    assert (leaving.status, held(leaving)) == (RegistrationStatus.CANCELLED, [])
    assert held(waiting) == [(1, group_round.id, SeatState.SEATED.value)]
    assert count(conference) == (1, 2)
    assert (told(MessageKind.REGISTRATION_CANCELLED), told(MessageKind.MOVED_UP)) == (1, 1)


def test_cancel_lets_somebody_else_in(conference: Conference) -> None:
    with transaction():
        conference.capacity = 1
    registrations.cancel(make.registration(conference))

    assert make.registration(conference).is_live


def test_correct_keeps_everything_else(conference: Conference) -> None:
    registration, code = make.registered(
        conference,
        make.group_round(conference),
        name="Paula",
        contact_channel=ContactChannel.EMAIL,
        contact="paul@example.org",
    )
    token = registrations.link_token(registration)
    seats = held(registration)

    registrations.correct(
        registration,
        Details(
            role_group=RoleGroup.PRESS,
            display_name="Paul",
            organisation="Zeitung",
            language="ar",
            contact_channel=ContactChannel.EMAIL,
            contact="paul@example.org",
        ),
    )

    assert (registration.display_name, registration.organisation, registration.language) == (
        "Paul",
        "Zeitung",
        "ar",
    )
    assert secrets.decrypt(registration.contact) == "paul@example.org"
    assert (held(registration), registrations.link_token(registration)) == (seats, token)
    assert registrations.by_code(conference.host_id, code) == registration


def test_renew_code_ends_the_old_code_and_links(conference: Conference) -> None:
    registration, old = make.registered(conference)
    token = registrations.link_token(registration)

    new = registrations.renew_code(registration)

    assert registrations.by_code(conference.host_id, new) == registration
    with pytest.raises(UnknownCode):
        registrations.by_code(conference.host_id, old)
    with pytest.raises(NotFound):
        registrations.by_link(conference, token)


@pytest.mark.parametrize("code", ["", "apfel-birne-wolke-47", "😀", "x" * 100_000])
def test_wrong_code_opens_nothing_and_says_nothing(conference: Conference, code: str) -> None:
    make.registration(conference)

    with pytest.raises(UnknownCode) as refused:
        registrations.by_code(conference.host_id, code)

    assert str(refused.value).startswith("Mit diesem Code finden wir keine Anmeldung.")


def test_code_of_another_host_opens_nothing(conference: Conference) -> None:
    _registration, code = make.registered(conference)

    with pytest.raises(UnknownCode):
        registrations.by_code(make.host().id, code)


def test_link_opens_its_registration_at_its_conference_only(conference: Conference) -> None:
    registration = make.registration(conference)
    token = registrations.link_token(registration)

    assert registrations.by_link(conference, token) == registration
    with pytest.raises(NotFound):
        registrations.by_link(make.conference(), token)


@pytest.mark.parametrize("change", ["last", "other", "none", "long", "wide", "empty", "sign"])
def test_link_that_was_changed_opens_nothing(conference: Conference, change: str) -> None:
    registration, other = make.registration(conference), make.registration(conference)
    token = registrations.link_token(registration)
    secret = token.partition("-")[2]
    changed = {
        "last": token[:-1] + ("0" if token[-1] != "0" else "1"),
        "other": f"{other.id}-{secret}",
        "none": f"{registration.id}-",
        "long": f"{'9' * 30}-{secret}",
        "wide": f"１-{secret}",
        "empty": "",
        "sign": f"-{token}",
    }[change]

    with pytest.raises(NotFound):
        registrations.by_link(conference, changed)


def test_nothing_is_told_of_what_was_rolled_back(
    conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_registration: Registration) -> None:
        raise RuntimeError("the very last statement fails")

    monkeypatch.setattr(notices, "registration_confirmed", breaks)
    group_round = make.group_round(conference)

    with pytest.raises(RuntimeError, match="very last"):
        make.registration(conference, group_round)

    assert count(conference) == (0, 0)
    db.session.refresh(group_round)
    assert (group_round.seats_taken, group_round.last_ticket) == (0, 0)
