"""What a registration holds: its people, their seats and queue places, and how its confirmation is doing."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.database import db
from app.domain import seats, support
from app.models import (
    HELD_STATES,
    Allocation,
    AllocationState,
    Conference,
    GroupRound,
    Message,
    MessageKind,
    MessageState,
    MessageWay,
    NeedKind,
    NeedState,
    Participant,
    Registration,
    Seat,
    SeatState,
    SupportNeed,
    SupportOffer,
    Wish,
    WorkingGroup,
)

# What tells a household for the first time that its form has arrived.
_FIRST_NEWS = (MessageKind.REGISTRATION_CONFIRMED, MessageKind.WAITLISTED)


@dataclass(frozen=True)
class Place:
    """Live places of people of one household in one round of a group, all of them in the same state.

    `position` is the household's place in the queue of the group, None for those who do not wait.
    """

    group_round: GroupRound
    state: SeatState
    people: tuple[Participant, ...]
    position: int | None
    # True when it is for everybody of the household.
    for_all: bool

    @property
    def group(self) -> WorkingGroup:
        return self.group_round.group

    @property
    def waits(self) -> bool:
        return self.state is SeatState.WAITING


@dataclass(frozen=True)
class Held:
    """What one person has in one round: a seat, and beside it a place in the queue of another group, or an offer."""

    seated: GroupRound | None = None
    queued: GroupRound | None = None
    # Place in the queue; None while a seat is offered.
    position: int | None = None


class MailState(enum.Enum):
    """What can truly be said about the mail that confirms a registration."""

    NO_ADDRESS = "no_address"
    ON_ITS_WAY = "on_its_way"
    STANDS_STILL = "stands_still"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Need:
    """One support need of one person, and what became of it."""

    wanted: support.Wanted
    state: NeedState


def load(registration: Registration) -> None:
    """Read the people of `registration` and their seats with groups: two statements, however many there are."""
    people = list(
        db.session.scalars(
            select(Participant)
            .where(Participant.registration_id == registration.id)
            .order_by(Participant.position)
        )
    )
    seated: dict[int, list[Seat]] = {person.id: [] for person in people}
    for seat in db.session.scalars(
        select(Seat)
        .where(Seat.participant_id.in_(seated))
        .options(
            joinedload(Seat.group_round).options(
                joinedload(GroupRound.agenda_item),
                joinedload(GroupRound.group).joinedload(WorkingGroup.room),
            )
        )
        .order_by(Seat.round_number, Seat.id)
    ):
        seated[seat.participant_id].append(seat)
    # Composite foreign keys are not found in the session's memory: without this each row would be read once more.
    set_committed_value(registration, "participants", people)
    for person in people:
        set_committed_value(person, "registration", registration)
        set_committed_value(person, "seats", seated[person.id])
        for seat in seated[person.id]:
            set_committed_value(seat, "participant", person)


def of_registration(registration: Registration) -> list[Place]:
    """The live places by round, for people that were loaded: one statement where somebody waits."""
    live = [seat for person in registration.participants for seat in person.live_seats]
    positions = seats.queue_positions(live)
    together: dict[tuple[int, bool, int, SeatState], list[Seat]] = {}
    for seat in live:
        mark = (seat.round_number, seat.state not in HELD_STATES, seat.group_round_id, seat.state)
        together.setdefault(mark, []).append(seat)
    return [
        Place(
            group_round=held[0].group_round,
            state=held[0].state,
            people=tuple(seat.participant for seat in held),
            position=positions.get(held[0].id),
            for_all=len(held) == len(registration.participants),
        )
        for _mark, held in sorted(together.items(), key=lambda entry: entry[0][:3])
    ]


def held_by(registration: Registration) -> dict[int, dict[int, Held]]:
    """What each person has in each round: participant id -> round number; one statement where somebody waits."""
    positions = seats.queue_positions(
        seat for person in registration.participants for seat in person.live_seats
    )
    found: dict[int, dict[int, Held]] = {}
    for person in registration.participants:
        rounds = found.setdefault(person.id, {})
        for seat in sorted(person.live_seats, key=lambda seat: seat.state is not SeatState.SEATED):
            if seat.state is SeatState.SEATED:
                rounds[seat.round_number] = Held(seated=seat.group_round)
            else:
                beside = rounds.get(seat.round_number, Held())
                rounds[seat.round_number] = Held(beside.seated, seat.group_round, positions.get(seat.id))
    return found


def wishes_of(registration: Registration) -> dict[int, list[Wish]]:
    """The wishes of each person by round and rank, with their groups: participant id -> wishes; one statement."""
    found: dict[int, list[Wish]] = {}
    for wish in db.session.scalars(
        select(Wish)
        .join(Participant, Wish.participant_id == Participant.id)
        .where(Participant.registration_id == registration.id)
        .options(
            joinedload(Wish.group_round).options(
                joinedload(GroupRound.agenda_item), joinedload(GroupRound.group)
            )
        )
        .order_by(Wish.round_number, Wish.rank)
    ):
        found.setdefault(wish.participant_id, []).append(wish)
    return found


def are_allocated(conference: Conference) -> bool:
    """Whether the groups of a conference have been given out by wishes: one statement."""
    return (
        db.session.scalar(
            select(Allocation.id)
            .where(Allocation.conference_id == conference.id, Allocation.state == AllocationState.RELEASED)
            .limit(1)
        )
        is not None
    )


def needs_of(people: Iterable[Participant]) -> dict[int, list[Need]]:
    """The support needs of these people by participant id: one statement. Raises VaultLocked."""
    found: dict[int, list[Need]] = {}
    for row in db.session.scalars(
        select(SupportNeed)
        .where(SupportNeed.participant_id.in_([person.id for person in people]))
        .order_by(SupportNeed.id)
    ):
        found.setdefault(row.participant_id, []).append(Need(support.read(row), row.state))
    return found


def offers_of(conference: Conference) -> list[SupportOffer]:
    """The kinds of support this conference asks for, in their usual order: one statement."""
    found = db.session.scalars(select(SupportOffer).where(SupportOffer.conference_id == conference.id)).all()
    order = list(NeedKind)
    return sorted(found, key=lambda offer: order.index(offer.kind))


def mail_state(registration: Registration) -> MailState:
    """How the first message to `registration` is doing: one statement."""
    message = db.session.scalar(
        select(Message)
        .where(
            Message.registration_id == registration.id,
            Message.kind.in_(_FIRST_NEWS),
            Message.way == MessageWay.EMAIL,
            # Another one tells what is so now.
            Message.state != MessageState.NEEDLESS,
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
