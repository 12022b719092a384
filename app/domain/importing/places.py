"""Seats and queue places as a file assigns them, under the lock of the conference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.domain import seats
from app.domain.importing.plans import RegistrationPlan
from app.models import HELD_STATES, GroupRound, Participant, Registration, Seat, SeatState

Round = tuple[str, int]
# Called with the plan, the round's number and a part of a sentence each for what was found and what was expected.
Refuse = Callable[[RegistrationPlan, int, str, str], None]


class Places:
    """Gives and takes places of one conference.

    The caller holds the version of the conference, so nobody else changes a counter meanwhile.
    """

    def __init__(self, at: datetime, refuse: Refuse) -> None:
        self._at = at
        self._refuse = refuse
        self._rounds: dict[Round, GroupRound] = {}
        self._by_id: dict[int, Round] = {}
        # Rounds in which a seat has become free, and rounds in which the file has put somebody into the queue.
        self.freed: set[Round] = set()
        self.queued: set[Round] = set()
        self.given = 0
        self.waiting = 0

    def know(self, key: str, group_round: GroupRound) -> None:
        """Take note of a round of the group `key`."""
        self._rounds[key, group_round.number] = group_round
        self._by_id[group_round.id] = key, group_round.number

    def give_up(self, seat: Seat) -> None:
        """The place is free; nobody moves up yet."""
        self._count(seat.group_round, seat.state, -1)
        if seat.state in HELD_STATES and seat.group_round_id in self._by_id:
            self.freed.add(self._by_id[seat.group_round_id])
        seat.state = SeatState.RELEASED
        seat.offered_at = seat.offer_expires_at = None
        seat.changed_at = self._at

    def clear_way(self, registration: Registration, plan: RegistrationPlan) -> None:
        """First half of moving people: give up every place the file does not name, let persons go who are too many."""
        for participant in registration.participants[plan.party_size :]:
            for seat in participant.live_seats:
                self.give_up(seat)
        for participant in registration.participants[: plan.party_size]:
            for seat in participant.live_seats:
                wanted = plan.places.get(seat.round_number)
                if self._by_id.get(seat.group_round_id) == (wanted and (wanted[0], seat.round_number)):
                    continue
                # Who sits where the file says may wait for another group of the round, which a file cannot say.
                if seat.state is SeatState.SEATED or wanted is None or wanted[1] is not SeatState.SEATED:
                    self.give_up(seat)

    def fill(self, registration: Registration, plan: RegistrationPlan) -> None:
        """Second half: as many persons as the file says, each with the places it names."""
        have = len(registration.participants)
        del registration.participants[plan.party_size :]
        for position in range(have + 1, plan.party_size + 1):
            registration.participants.append(
                Participant(
                    host_id=registration.host_id, conference_id=registration.conference_id, position=position
                )
            )
        for participant in registration.participants:
            for number, (key, state) in plan.places.items():
                self._place(participant, plan, (key, number), state)

    def sort_queues(self, waiters: list[tuple[RegistrationPlan, Registration]]) -> None:
        """Let those the file put into a queue stand there in the order of their positions, among themselves."""
        queues: defaultdict[int, list[Seat]] = defaultdict(list)
        for plan, registration in sorted(
            waiters, key=lambda waiter: (waiter[0].queue_position, waiter[0].index)
        ):
            for participant in registration.participants:
                for seat in participant.live_seats:
                    wanted = plan.places.get(seat.round_number)
                    if seat.state is SeatState.WAITING and wanted and wanted[1] is SeatState.WAITING:
                        queues[seat.group_round_id].append(seat)
        for queue in queues.values():
            tickets = [seat.ticket for seat in queue]
            if tickets == sorted(tickets):
                continue
            # Two steps: a ticket is unique, and rows are written one after the other.
            for seat in queue:
                seat.ticket = -seat.ticket
            db.session.flush()
            for seat, ticket in zip(queue, sorted(tickets), strict=True):
                seat.ticket = ticket
            db.session.flush()

    def let_move_up(self) -> list[Seat]:
        """Seat those who wait where this import has made room; they are told.

        Not where the file itself has just put somebody into the queue: then the queue is meant to stand.
        """
        moved: list[Seat] = []
        for name in sorted(self.freed - self.queued, key=lambda name: self._rounds[name].id):
            group_round = self._rounds[name]
            if group_round.waiting and group_round.seats_free > 0:
                moved += seats.set_capacity(group_round, group_round.capacity)
        return moved

    def waiting_beside_free_seats(self) -> list[GroupRound]:
        """Rounds in which people wait although seats are free."""
        return [found for found in self._rounds.values() if found.waiting and found.seats_free > 0]

    def _place(self, participant: Participant, plan: RegistrationPlan, name: Round, state: SeatState) -> None:
        group_round = self._rounds.get(name)
        if group_round is None:
            self._refuse(
                plan, name[1], f"die Gruppe {name[0]}", "eine Gruppe, die es in der Anwendung noch gibt"
            )
            return
        seat = self._seat(participant, group_round)
        if seat is not None and seat.state in (state, *HELD_STATES):
            # Somebody who has moved up meanwhile, or is asked whether they want to, keeps the seat.
            return
        if state is SeatState.SEATED and group_round.seats_free <= 0:
            found = f"ein Platz in {name[0]}, Runde {name[1]}"
            self._refuse(
                plan,
                name[1],
                found,
                f"eine Gruppe, in der Platz ist (alle {group_round.capacity} sind vergeben)",
            )
            return
        group_round.last_ticket += 1
        if seat is None:
            seat = Seat(
                host_id=group_round.host_id,
                conference_id=group_round.conference_id,
                group_round_id=group_round.id,
                round_number=group_round.number,
                participant=participant,
                group_round=group_round,
            )
            db.session.add(seat)
        else:
            self._count(group_round, seat.state, -1)
            seat.offered_at = seat.offer_expires_at = None
        seat.state, seat.ticket, seat.changed_at = state, group_round.last_ticket, self._at
        self._count(group_round, state, +1)
        if state is SeatState.WAITING:
            self.waiting += 1
            self.queued.add(name)
        else:
            self.given += 1

    def _seat(self, participant: Participant, group_round: GroupRound) -> Seat | None:
        if participant in db.session.new:
            return None
        return db.session.scalar(
            select(Seat).where(Seat.group_round_id == group_round.id, Seat.participant_id == participant.id)
        )

    @staticmethod
    def _count(group_round: GroupRound, state: SeatState, by: int) -> None:
        if state in HELD_STATES:
            group_round.seats_taken += by
        elif state is SeatState.WAITING:
            group_round.waiting += by
