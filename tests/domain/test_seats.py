"""Who sits, who waits, who moves up; and that nothing of it depends on a clock or can be done twice."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.database import db, transaction
from app.domain import registrations, seats, secrets
from app.domain.errors import AlreadyCancelled, CapacityBelowSeated, NotFound, SignupClosed
from app.models import (
    Conference,
    ConferenceStatus,
    ContactChannel,
    GroupRound,
    Message,
    MessageKind,
    Seat,
    SeatState,
)
from tests import make


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference()


def states(group_round: GroupRound) -> list[tuple[int, str]]:
    """Ticket and state of every seat row, in the order of tickets."""
    rows = db.session.execute(
        select(Seat.ticket, Seat.state).where(Seat.group_round_id == group_round.id).order_by(Seat.ticket)
    )
    return [(ticket, state.value) for ticket, state in rows]


def counters(group_round: GroupRound) -> tuple[int, int, int]:
    """Seats taken, people waiting and the ticket drawn last, as the database has them."""
    db.session.refresh(group_round)
    return group_round.seats_taken, group_round.waiting, group_round.last_ticket


def test_take_with_free_seats_gives_a_seat(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=2)

    seat = seats.take(group_round, make.participant(conference))

    assert (seat.state, seat.ticket) == (SeatState.SEATED, 1)
    assert counters(group_round) == (1, 0, 1)


def test_take_when_full_gives_places_in_the_queue_in_order(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    people = [make.participant(conference) for _ in range(3)]

    taken = [seats.take(group_round, person) for person in people]

    assert [seat.state for seat in taken] == [SeatState.SEATED, SeatState.WAITING, SeatState.WAITING]
    assert [seats.queue_position(seat) for seat in taken] == [None, 1, 2]
    assert counters(group_round) == (1, 2, 3)


def test_take_without_any_seat_always_queues(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=0)

    seat = seats.take(group_round, make.participant(conference))

    assert seat.state is SeatState.WAITING


def test_take_twice_changes_nothing(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    person, late = make.participant(conference), make.participant(conference)
    first, waiting = seats.take(group_round, person), seats.take(group_round, late)

    assert seats.take(group_round, person) == first
    assert seats.take(group_round, late) == waiting
    assert states(group_round) == [(1, "seated"), (2, "waiting")]
    assert counters(group_round)[:2] == (1, 1)


def test_take_after_releasing_draws_a_new_ticket(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    person, other = make.participant(conference), make.participant(conference)
    seats.release(seats.take(group_round, person))
    seats.take(group_round, other)

    again = seats.take(group_round, person)

    assert (again.state, again.ticket) == (SeatState.WAITING, 3)


def test_take_in_the_same_round_gives_up_the_other_group(conference: Conference) -> None:
    first, second = make.group_round(conference, capacity=1), make.group_round(conference, capacity=1)
    person, waiting = make.participant(conference), make.participant(conference)
    seats.take(first, person)
    next_in_queue = seats.take(first, waiting)

    seats.take(second, person)

    assert seats.find(first, person).state is SeatState.RELEASED
    db.session.refresh(next_in_queue)
    assert next_in_queue.state is SeatState.SEATED
    assert counters(first)[:2] == (1, 0)
    assert counters(second)[:2] == (1, 0)


def test_take_in_another_round_keeps_both(conference: Conference) -> None:
    group = make.group(conference, rounds=2)
    person = make.participant(conference)

    for group_round in group.rounds:
        seats.take(group_round, person)

    db.session.refresh(person)
    assert [(seat.round_number, seat.state) for seat in person.live_seats] == [
        (1, SeatState.SEATED),
        (2, SeatState.SEATED),
    ]


def test_take_of_a_seat_that_became_free_unseen_goes_to_who_waits_when_it_is_seen(
    conference: Conference,
) -> None:
    group_round = make.group_round(conference, capacity=0)
    first = seats.take(group_round, make.participant(conference))
    with transaction():
        db.session.execute(text("UPDATE group_round SET capacity = 1"))
    db.session.expire_all()

    assert seats.set_capacity(group_round, 1) == [first]


def test_release_moves_up_the_longest_waiting(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    seated, first, second = (seats.take(group_round, make.participant(conference)) for _ in range(3))

    moved_up = seats.release(seated)

    assert moved_up == [first]
    assert first.state is SeatState.SEATED
    assert second.state is SeatState.WAITING
    assert counters(group_round) == (1, 1, 3)


def test_release_twice_changes_nothing(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    seated, _first, second = (seats.take(group_round, make.participant(conference)) for _ in range(3))
    seats.release(seated)

    assert seats.release(seated) == []
    assert second.state is SeatState.WAITING
    assert counters(group_round)[:2] == (1, 1)


def test_release_of_a_queue_place_moves_nobody_up(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    _seated, first, second = (seats.take(group_round, make.participant(conference)) for _ in range(3))

    assert seats.release(first) == []

    assert counters(group_round)[:2] == (1, 1)
    assert seats.queue_position(second) == 1


def test_release_works_after_closing(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    seated, waiting = (seats.take(group_round, make.participant(conference)) for _ in range(2))
    with transaction():
        conference.status = ConferenceStatus.REGISTRATION_CLOSED

    assert seats.release(seated) == [waiting]


def test_release_tells_the_one_who_moves_up_once(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    seated = seats.take(group_round, make.participant(conference))
    reachable = make.registration(
        conference, contact_channel=ContactChannel.EMAIL, contact="nachbar@example.org", language="ar"
    )
    seats.take(group_round, reachable.participants[0])

    seats.release(seated)
    seats.release(seated)

    told = db.session.scalars(select(Message).where(Message.kind == MessageKind.MOVED_UP)).all()
    assert [(message.registration_id, message.language) for message in told] == [(reachable.id, "ar")]
    assert secrets.decrypt(told[0].recipient) == "nachbar@example.org"


def test_release_all_gives_up_every_round(conference: Conference) -> None:
    group = make.group(conference, rounds=2, capacity=1)
    person, other = make.participant(conference), make.participant(conference)
    for group_round in group.rounds:
        seats.take(group_round, person)
        seats.take(group_round, other)

    moved_up = seats.release_all([person])

    assert [(seat.participant_id, seat.round_number) for seat in moved_up] == [(other.id, 1), (other.id, 2)]
    assert seats.release_all([person]) == []


def test_release_all_without_a_queue_frees_the_seats(conference: Conference) -> None:
    group = make.group(conference, rounds=2)
    person = make.participant(conference)
    for group_round in group.rounds:
        seats.take(group_round, person)

    assert seats.release_all([person]) == []

    assert [counters(group_round)[0] for group_round in group.rounds] == [0, 0]


def test_take_in_a_full_group_keeps_the_seat_held_while_waiting(conference: Conference) -> None:
    first, second = make.group_round(conference), make.group_round(conference, capacity=0)
    person = make.participant(conference)
    held = seats.take(first, person)

    waiting = seats.take(second, person)

    assert (held.state, waiting.state) == (SeatState.SEATED, SeatState.WAITING)
    assert (counters(first)[:2], counters(second)[:2]) == ((1, 0), (0, 1))


def test_take_in_a_second_full_group_ends_the_waiting_for_the_first(conference: Conference) -> None:
    first, second = make.group_round(conference, capacity=0), make.group_round(conference, capacity=0)
    person = make.participant(conference)
    before = seats.take(first, person)

    seats.take(second, person)

    assert before.state is SeatState.RELEASED
    assert (counters(first)[:2], counters(second)[:2]) == ((0, 0), (0, 1))


def test_moving_up_gives_the_seat_held_elsewhere_to_the_next_there(conference: Conference) -> None:
    """Take AG 3, free AG 1, and whoever waits for AG 1 follows, in one transaction."""
    first, third = make.group_round(conference, capacity=1), make.group_round(conference, capacity=1)
    swapper, follower, leaver = (make.participant(conference) for _ in range(3))
    left, gone = seats.take(first, swapper), seats.take(third, leaver)
    wanted, behind = seats.take(third, swapper), seats.take(first, follower)

    moved_up = seats.release(gone)

    assert moved_up == [wanted, behind]
    assert [seat.state for seat in (left, wanted, behind)] == [
        SeatState.RELEASED,
        SeatState.SEATED,
        SeatState.SEATED,
    ]
    assert (counters(first)[:2], counters(third)[:2]) == ((1, 0), (1, 0))


def test_take_of_the_group_held_changes_nothing(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    person = make.participant(conference)
    held = seats.take(group_round, person)

    # Full by this very seat: staying is no reason to wait.
    assert seats.take(group_round, person) == held
    assert counters(group_round) == (1, 0, 1)


def test_set_capacity_higher_moves_up_in_the_order_of_the_queue(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    taken = [seats.take(group_round, make.participant(conference)) for _ in range(4)]

    moved_up = seats.set_capacity(group_round, 3)

    assert moved_up == taken[1:3]
    assert counters(group_round) == (3, 1, 4)


def test_set_capacity_beyond_the_queue_leaves_seats_free(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)
    for _ in range(2):
        seats.take(group_round, make.participant(conference))

    seats.set_capacity(group_round, 10)

    assert counters(group_round) == (2, 0, 2)
    assert not group_round.is_full


def test_set_capacity_below_those_who_sit_is_refused(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=3)
    for _ in range(2):
        seats.take(group_round, make.participant(conference))

    with pytest.raises(CapacityBelowSeated, match="2 Plätze sind schon vergeben"):
        seats.set_capacity(group_round, 1)

    assert group_round.capacity == 3


def test_set_capacity_to_those_who_sit_is_accepted(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=3)
    seats.take(group_round, make.participant(conference))

    assert seats.set_capacity(group_round, 1) == []
    assert group_round.is_full


def test_take_after_closing_is_for_staff_only(conference: Conference) -> None:
    group_round, person = make.group_round(conference), make.participant(conference)
    with transaction():
        conference.status = ConferenceStatus.REGISTRATION_CLOSED

    with pytest.raises(SignupClosed):
        seats.take(group_round, person)
    assert counters(group_round) == (0, 0, 0)

    assert seats.take(group_round, person, by_staff=True).state is SeatState.SEATED


def test_take_at_a_full_conference_works_for_somebody_registered(conference: Conference) -> None:
    group_round, person = make.group_round(conference), make.participant(conference)
    with transaction():
        conference.capacity = 1

    assert seats.take(group_round, person).state is SeatState.SEATED


def test_take_for_a_cancelled_registration_is_refused(conference: Conference) -> None:
    group_round, registration = make.group_round(conference), make.registration(conference)
    registrations.cancel(registration)

    with pytest.raises(AlreadyCancelled):
        seats.take(group_round, registration.participants[0], by_staff=True)


def test_take_at_another_conference_is_refused(conference: Conference) -> None:
    elsewhere = make.group_round(make.conference())

    with pytest.raises(NotFound):
        seats.take(elsewhere, make.participant(conference), by_staff=True)
    assert counters(elsewhere) == (0, 0, 0)


def test_take_in_a_round_that_was_deleted_is_refused(conference: Conference) -> None:
    group_round, person = make.group_round(conference), make.participant(conference)
    gone = GroupRound(
        id=group_round.id + 1000, conference_id=conference.id, host_id=conference.host_id, number=1
    )

    with pytest.raises(NotFound):
        seats.take(gone, person)


def test_version_rises_once_for_each_change(conference: Conference) -> None:
    group_round, person = make.group_round(conference), make.participant(conference)
    before = conference.version

    seats.take(group_round, person)

    db.session.refresh(conference)
    assert conference.version == before + 1


def test_queue_positions_ask_once_for_all(conference: Conference) -> None:
    first, second = make.group_round(conference, capacity=0), make.group_round(conference, capacity=0)
    waiting = [seats.take(first, make.participant(conference)) for _ in range(3)]
    other = seats.take(second, make.participant(conference))

    assert seats.queue_positions([*waiting, other]) == {
        waiting[0].id: 1,
        waiting[1].id: 2,
        waiting[2].id: 3,
        other.id: 1,
    }
    assert seats.queue_positions([]) == {}


def test_the_database_refuses_more_seats_than_there_are(conference: Conference) -> None:
    group_round = make.group_round(conference, capacity=1)

    with pytest.raises(IntegrityError, match="never_overbooked"), transaction():
        db.session.execute(
            text("UPDATE group_round SET seats_taken = 2 WHERE id = :id"), {"id": group_round.id}
        )


def test_the_database_refuses_a_ticket_twice(conference: Conference) -> None:
    group_round = make.group_round(conference)
    seat = seats.take(group_round, make.participant(conference))
    other = make.participant(conference)

    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Seat(
                host_id=seat.host_id,
                conference_id=seat.conference_id,
                group_round_id=seat.group_round_id,
                round_number=1,
                participant_id=other.id,
                ticket=seat.ticket,
                state=SeatState.SEATED,
            )
        )


@pytest.mark.parametrize(
    ("held", "second"),
    [(5, SeatState.SEATED), (0, SeatState.WAITING)],
    ids=["two seats", "two queues"],
)
def test_the_database_refuses_two_at_once(conference: Conference, held: int, second: SeatState) -> None:
    first, other = make.group_round(conference, capacity=held), make.group_round(conference)
    seat = seats.take(first, make.participant(conference))

    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Seat(
                host_id=seat.host_id,
                conference_id=seat.conference_id,
                group_round_id=other.id,
                round_number=1,
                participant_id=seat.participant_id,
                ticket=1,
                state=second,
            )
        )


def test_the_database_refuses_a_seat_at_another_host(conference: Conference) -> None:
    group_round, person = make.group_round(conference), make.participant(conference)
    stranger = make.host()

    with pytest.raises(IntegrityError), transaction():
        db.session.add(
            Seat(
                host_id=stranger.id,
                conference_id=conference.id,
                group_round_id=group_round.id,
                round_number=1,
                participant_id=person.id,
                ticket=1,
                state=SeatState.SEATED,
            )
        )
