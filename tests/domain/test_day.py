"""The day: check-in at the door and in rooms, its QR code, walk-ins, who came."""

import secrets

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.domain import day, registrations
from app.domain.errors import (
    AnotherConference,
    AnswerMissing,
    DoorFull,
    DoorStillOpen,
    GroupFullAtTheDoor,
    HasNoPlace,
    NoAdmissionHere,
    NotFound,
    NotInThisGroup,
    UnknownAtTheDoor,
)
from app.domain.registrations import Person
from app.models import (
    CheckIn,
    ConferenceStatus,
    EventKind,
    Question,
    QuestionKind,
    Registration,
    RegistrationChannel,
    RegistrationEvent,
    RegistrationStatus,
    SeatState,
    Translated,
)
from tests import make


def submission():
    return secrets.token_urlsafe(24)


def ids(registration):
    return [person.id for person in registration.participants]


def checked_in():
    rows = db.session.execute(
        select(CheckIn.participant_id, CheckIn.group_round_id).order_by(CheckIn.participant_id, CheckIn.id)
    )
    return [tuple(row) for row in rows]


def kinds(registration):
    return list(
        db.session.scalars(
            select(RegistrationEvent.kind)
            .where(RegistrationEvent.registration_id == registration.id)
            .order_by(RegistrationEvent.id)
        )
    )


def set_status(conference, status):
    with transaction():
        conference.status = status


def test_checking_in_twice_changes_nothing(app):
    conference = make.conference()
    household = make.registration(conference, people=2)

    news = [day.check_in(conference, ids(household)) for _ in range(2)]

    assert news == [2, 0]
    assert checked_in() == [(person, None) for person in ids(household)]


def test_checking_in_one_of_a_household_leaves_the_others(app):
    conference = make.conference()
    first, _second = ids(household := make.registration(conference, people=2))

    day.check_in(conference, [first], by=make.staff_member(of=conference.host))

    assert checked_in() == [(first, None)]
    assert household.participants[0].name == ""


def test_who_is_in_a_room_has_come_through_the_door(app):
    conference = make.conference()
    meeting = make.group_round(conference)
    guest = ids(make.registration(conference, meeting))

    day.check_in(conference, guest, group_round=meeting)

    assert checked_in() == [(guest[0], None), (guest[0], meeting.id)]


def test_a_room_takes_only_who_sits_there(app):
    conference = make.conference()
    meeting = make.group_round(conference, capacity=1)
    make.registration(conference, meeting)
    waiting = ids(make.registration(conference, meeting))

    with pytest.raises(NotInThisGroup):
        day.check_in(conference, waiting, group_round=meeting)

    assert checked_in() == []


def test_the_queue_of_the_conference_does_not_come_in(app):
    conference = make.conference(capacity=1)
    seated = make.registration(conference)
    waiting = make.registration(conference)

    with pytest.raises(HasNoPlace):
        day.check_in(conference, ids(seated) + ids(waiting))

    assert waiting.status is RegistrationStatus.WAITLISTED
    assert checked_in() == []


def test_who_has_cancelled_does_not_come_in(app):
    conference = make.conference()
    guest = make.registration(conference)
    registrations.cancel(guest)

    with pytest.raises(HasNoPlace):
        day.check_in(conference, ids(guest))


def test_somebody_of_another_conference_is_not_found(app):
    conference = make.conference()
    stranger = make.registration(make.conference())

    for wanted in (ids(stranger), [], [10**9]):
        with pytest.raises(NotFound):
            day.check_in(conference, wanted)


@pytest.mark.parametrize("status", sorted(day.NOT_TAKING_PLACE, key=lambda status: status.value))
def test_nobody_comes_to_what_does_not_take_place(app, status):
    conference = make.conference()
    guest = make.registration(conference)
    set_status(conference, status)

    with pytest.raises(NoAdmissionHere):
        day.check_in(conference, ids(guest))


def test_undoing_at_the_door_takes_the_rooms_along(app):
    conference = make.conference()
    meeting = make.group_round(conference)
    household = make.registration(conference, meeting, people=2)
    day.check_in(conference, ids(household), group_round=meeting)
    first, second = ids(household)

    assert day.undo(conference, [first]) == 1
    assert day.undo(conference, [first]) == 0

    assert checked_in() == [(second, None), (second, meeting.id)]


def test_undoing_in_a_room_leaves_the_door(app):
    conference = make.conference()
    meeting = make.group_round(conference)
    guest = ids(make.registration(conference, meeting))
    day.check_in(conference, guest, group_round=meeting)

    assert day.undo(conference, guest, group_round=meeting) == 1

    assert checked_in() == [(guest[0], None)]


def test_the_mark_for_the_door_finds_its_registration_and_opens_nothing_else(app):
    conference = make.conference()
    guest, code = make.registered(conference)
    mark = day.door_mark(guest)

    assert day.by_what_was_shown(conference, f" {mark.lower()} ") == guest
    assert day.by_what_was_shown(conference, code.upper().replace("-", " ")) == guest
    assert code not in mark.lower()
    assert registrations.link_token(guest) not in mark.lower()
    with pytest.raises(UnknownAtTheDoor):
        day.by_door_mark(make.conference(conference.host), mark)


def test_a_new_code_makes_the_mark_for_the_door_void(app):
    conference = make.conference()
    guest = make.registration(conference)
    mark = day.door_mark(guest)
    registrations.renew_code(guest)

    with pytest.raises(UnknownAtTheDoor):
        day.by_what_was_shown(conference, mark)


@pytest.mark.parametrize(
    "text",
    ["", "EINLASS-", "EINLASS-1-" + "0" * 24, "einlass-٣-" + "A" * 24, "apfel-birne-wolke-47", "x" * 5000],
)
def test_what_nobody_gave_is_unknown_at_the_door(app, text):
    conference = make.conference()
    make.registration(conference)

    with pytest.raises(UnknownAtTheDoor):
        day.by_what_was_shown(conference, text)


def test_a_code_for_another_conference_of_the_host_is_told_apart(app):
    conference = make.conference()
    other = make.conference(conference.host)
    _guest, code = make.registered(other)

    with pytest.raises(AnotherConference) as refused:
        day.by_what_was_shown(conference, code)

    assert str(other.title) in str(refused.value)


def test_walking_in_gives_a_kept_place_a_seat_and_lets_in(app):
    conference = make.conference(capacity=3, walk_in_quota=2)
    meeting = make.group_round(conference)
    make.registration(conference)
    member = make.staff_member(of=conference.host)
    people = [Person(name="Amal Haddad", groups={1: meeting.id}), Person(age=7)]
    form = submission()

    guest, code = day.walk_in(conference, people, submission=form, by=member)
    again = day.walk_in(conference, people, submission=form, by=member)

    assert again == (guest, code)
    assert registrations.by_code(conference.host_id, code) == guest
    assert (guest.channel, guest.status) == (RegistrationChannel.WALK_IN, RegistrationStatus.CONFIRMED)
    assert checked_in() == [(person, None) for person in ids(guest)]
    assert [seat.state for seat in guest.participants[0].live_seats] == [SeatState.SEATED]
    assert (conference.places_taken, conference.walk_ins_taken) == (3, 2)


def test_walking_in_when_it_is_full_says_so_and_keeps_nobody_waiting(app):
    conference = make.conference(capacity=2, walk_in_quota=1)
    make.registration(conference)
    member = make.staff_member(of=conference.host)

    with pytest.raises(DoorFull) as refused:
        day.walk_in(conference, [Person(), Person()], submission=submission(), by=member)

    assert "Frei sind 1" in str(refused.value)
    assert db.session.query(Registration).count() == 1
    assert conference.waiting == 0


def test_walking_in_to_a_full_group_registers_nobody(app):
    conference = make.conference()
    meeting = make.group_round(conference, capacity=1)
    make.registration(conference, meeting)
    member = make.staff_member(of=conference.host)

    with pytest.raises(GroupFullAtTheDoor):
        day.walk_in(conference, [Person(groups={1: meeting.id})], submission=submission(), by=member)

    assert db.session.query(Registration).count() == 1
    assert (meeting.waiting, checked_in()) == (0, [])


def test_closing_the_door_notes_who_came_and_who_did_not(app, clock):
    conference = make.conference(starts_at=make.at("2026-03-02 11:00"), capacity=4)
    came, missed, cancelled = (make.registration(conference, by=make.staff_member()) for _ in range(3))
    registrations.cancel(cancelled)
    day.check_in(conference, ids(came))
    member = make.staff_member(of=conference.host)

    first = day.close_door(conference, member)
    again = day.close_door(conference, member)
    day.check_in(conference, ids(missed))
    corrected = day.close_door(conference, member)

    assert (first, again) == (day.Closed(1, 1, 2), day.Closed(1, 1, 0))
    assert corrected == day.Closed(2, 0, 1)
    assert [entry.status for entry in (came, missed, cancelled)] == [
        RegistrationStatus.ATTENDED,
        RegistrationStatus.ATTENDED,
        RegistrationStatus.CANCELLED,
    ]
    assert kinds(missed)[-2:] == [EventKind.NO_SHOW, EventKind.ATTENDED]
    assert conference.places_taken == 2


def test_the_door_is_not_closed_before_the_beginning(app):
    conference = make.conference()
    make.registration(conference)

    with pytest.raises(DoorStillOpen):
        day.close_door(conference, make.staff_member(of=conference.host))

    assert conference.status is ConferenceStatus.REGISTRATION_OPEN


def test_nobody_is_asked_the_questions_of_the_form_at_the_door(app):
    conference = make.conference()
    with transaction():
        db.session.add(
            Question(
                host_id=conference.host_id,
                conference_id=conference.id,
                position=1,
                key="woher",
                kind=QuestionKind.TEXT,
                label=Translated("Woher wissen Sie davon?"),
                is_required=True,
                is_on=True,
            )
        )

    guest, _code = day.walk_in(
        conference, [Person()], submission=submission(), by=make.staff_member(of=conference.host)
    )

    assert guest.has_place
    with pytest.raises(AnswerMissing):
        make.registration(conference)
