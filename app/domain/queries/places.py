"""What a registration holds: its seats and queue places, and how its confirmation is doing."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.database import db
from app.domain import seats
from app.models import (
    GroupRound,
    Message,
    MessageKind,
    MessageState,
    Participant,
    Registration,
    Seat,
    SeatState,
    WorkingGroup,
)


@dataclass(frozen=True)
class Place:
    """A live place in one round of a group; `position` is the place in its queue, None for a seat."""

    seat: Seat
    position: int | None

    @property
    def group_round(self) -> GroupRound:
        return self.seat.group_round

    @property
    def group(self) -> WorkingGroup:
        return self.seat.group_round.group


class MailState(enum.Enum):
    """What can truly be said about the mail that confirms a registration."""

    NO_ADDRESS = "no_address"
    ON_ITS_WAY = "on_its_way"
    STANDS_STILL = "stands_still"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


def of_registration(registration: Registration) -> list[Place]:
    """The live places by round: two statements, one where nobody waits."""
    held = list(
        db.session.scalars(
            select(Seat)
            .join(Participant, Seat.participant_id == Participant.id)
            .where(
                Seat.host_id == registration.host_id,
                Participant.registration_id == registration.id,
                Seat.state != SeatState.RELEASED,
            )
            .options(
                joinedload(Seat.group_round).options(
                    joinedload(GroupRound.agenda_item),
                    joinedload(GroupRound.group).joinedload(WorkingGroup.room),
                )
            )
            .order_by(Participant.position, Seat.round_number)
        )
    )
    positions = seats.queue_positions(held)
    return [Place(seat, positions.get(seat.id)) for seat in held]


def mail_state(registration: Registration) -> MailState:
    """How the confirmation of `registration` is doing: one statement."""
    message = db.session.scalar(
        select(Message)
        .where(
            Message.registration_id == registration.id,
            Message.kind == MessageKind.REGISTRATION_CONFIRMED,
        )
        .order_by(Message.id.desc())
        .limit(1)
    )
    if message is None:
        return MailState.NO_ADDRESS
    match message.state:
        case MessageState.SENT:
            return MailState.ACCEPTED
        case MessageState.FAILED:
            return MailState.REFUSED
        case MessageState.UNKNOWN:
            return MailState.UNKNOWN
    # A message that was tried in vain, or for which there is no mail server, says why it waits.
    return MailState.STANDS_STILL if message.last_error else MailState.ON_ITS_WAY
