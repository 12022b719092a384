"""Offers: a place or seats that are kept for a household until it answers or the time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.database import db, now, transaction
from app.domain import admission, history, moving_up, notices, seats, versions
from app.domain.errors import NoOffer, NotTakingPlace, OfferExpired, SeatOfferExpired
from app.models import (
    Conference,
    ConferenceStatus,
    ContactChannel,
    EventKind,
    GroupRound,
    Participant,
    Registration,
    RegistrationEvent,
    RegistrationStatus,
    Seat,
    SeatState,
    StaffMember,
)


@dataclass(frozen=True)
class Offer:
    """Seats in a group round, or a place at the conference where `group_round` is None, for a whole household."""

    registration: Registration
    group_round: GroupRound | None
    seats: tuple[Seat, ...]
    # None: staff have to tell the household first, and the clock starts with that.
    expires_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether it is too late to answer now; it goes to the next within a minute."""
        return self.expires_at is not None and self.expires_at <= now()

    @property
    def gives_up(self) -> list[GroupRound]:
        """The groups somebody sits in now and would leave for this one."""
        return [
            held.group_round
            for seat in self.seats
            for held in seat.participant.live_seats
            if held.round_number == seat.round_number and held.state is SeatState.SEATED
        ]


def of(registration: Registration) -> list[Offer]:
    """The open offers of a household: the place at the conference first, then groups by round."""
    found = []
    if registration.status is RegistrationStatus.OFFERED:
        found.append(Offer(registration, None, (), registration.offer_expires_at))
    by_round: dict[GroupRound, list[Seat]] = {}
    for person in registration.participants:
        for seat in person.live_seats:
            if seat.state is SeatState.OFFERED:
                by_round.setdefault(seat.group_round, []).append(seat)
    for group_round, held in sorted(by_round.items(), key=lambda entry: (entry[0].number, entry[0].id)):
        found.append(Offer(registration, group_round, tuple(held), held[0].offer_expires_at))
    return found


def accept(registration: Registration, group_round_id: int | None, *, by: StaffMember | None = None) -> None:
    """Take what is offered; a seat held in another group of the round goes to the next, in the same transaction.

    Accepting what one has already changes nothing. Raises OfferExpired, NoOffer, and NotTakingPlace when the
    conference was cancelled or is over.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        offer = _find(registration, group_round_id)
        if offer is None:
            if _has(registration, group_round_id):
                return
            raise _why_gone(registration, group_round_id)
        if not moving_up.moves_up(registration.conference, now()):
            raise NotTakingPlace
        if offer.is_over:
            raise OfferExpired if offer.group_round is None else SeatOfferExpired
        if offer.group_round is None:
            admission.accept(registration)
            notices.registration_confirmed(registration)
        else:
            seats.accept(registration, offer.group_round)
            notices.groups_changed(registration)
        registration.changed_at = now()
        history.note(registration, EventKind.ACCEPTED, subject=_subject(offer), by=by)


def decline(registration: Registration, group_round_id: int | None, *, by: StaffMember | None = None) -> None:
    """Give up what is offered; it goes to the next. Doing it twice changes nothing."""
    with transaction():
        versions.raise_conference(registration.conference_id)
        offer = _find(registration, group_round_id)
        if offer is None:
            return
        history.note(registration, EventKind.DECLINED, subject=_subject(offer), by=by)
        _give_back(offer)


def note_call(registration: Registration, group_round_id: int | None, by: StaffMember) -> datetime:
    """Note that staff have called or written to the household: from now on the clock runs. Returns when it ends.

    Noting it again changes nothing. Raises NoOffer.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        offer = _find(registration, group_round_id)
        if offer is None:
            raise NoOffer
        if offer.expires_at is not None:
            return offer.expires_at
        until = moving_up.answer_by(registration.conference, registration.contact_channel, now())
        if offer.group_round is None:
            registration.offer_expires_at = until
        for seat in offer.seats:
            seat.offer_expires_at = until
        by_letter = registration.contact_channel is ContactChannel.POST
        how = EventKind.WRITTEN if by_letter else EventKind.CALLED
        history.note(registration, how, subject=_subject(offer), by=by)
        return until


def is_untold(registration: Registration, group_round_id: int | None) -> bool:
    """Whether this is offered and staff have not told the household yet."""
    offer = _find(registration, group_round_id)
    return offer is not None and offer.expires_at is None


def lapse_due(at: datetime) -> int:
    """Let offers nobody answered in time go to the next; returns how many ended. One transaction per conference."""
    due = set(
        db.session.scalars(
            select(Registration.conference_id).where(
                Registration.status == RegistrationStatus.OFFERED, Registration.offer_expires_at <= at
            )
        )
    ) | set(
        db.session.scalars(
            select(Seat.conference_id).where(Seat.state == SeatState.OFFERED, Seat.offer_expires_at <= at)
        )
    )
    # Where nobody comes next, an offer that ends would only be bad news.
    waiting = [
        found.id
        for found in db.session.scalars(select(Conference).where(Conference.id.in_(due)))
        if moving_up.moves_up(found, at) and found.status is not ConferenceStatus.POSTPONED
    ]
    db.session.rollback()
    return sum(_lapse_in(conference_id, at) for conference_id in sorted(waiting))


def open_in(conference: Conference) -> int:
    """How many places are offered now, at the conference and in its groups, while the offers can still be taken."""
    if not moving_up.moves_up(conference, now()):
        return 0
    places = db.session.scalar(
        select(func.count(Participant.id))
        .join(Registration, Participant.registration_id == Registration.id)
        .where(Registration.conference_id == conference.id, Registration.status == RegistrationStatus.OFFERED)
    )
    in_groups = db.session.scalar(
        select(func.count(Seat.id)).where(
            Seat.conference_id == conference.id, Seat.state == SeatState.OFFERED
        )
    )
    return (places or 0) + (in_groups or 0)


def settle(conference: Conference) -> int:
    """Give everybody what they are offered and tell them, within the caller's lock; returns how many places that were.

    Offers whose time is over end first, as they would have. Who comes next is offered nothing more if the conference
    has just stopped making offers.
    """
    if not moving_up.moves_up(conference, now()):
        return 0
    if conference.status is not ConferenceStatus.POSTPONED:
        _lapse_in(conference.id, now())
    given = 0
    for registration in _with_offers(conference.id):
        for offer in of(registration):
            registration.changed_at = now()
            history.note(registration, EventKind.MOVED_UP, subject=_subject(offer))
            if offer.group_round is None:
                given += len(registration.participants)
                admission.accept(registration)
                notices.place_given(registration)
            else:
                given += len(offer.seats)
                seats.accept(registration, offer.group_round)
                notices.moved_up(offer.seats[0])
    return given


def _with_offers(conference_id: int) -> list[Registration]:
    offered = (
        select(Participant.registration_id)
        .join(Seat, Seat.participant_id == Participant.id)
        .where(Seat.conference_id == conference_id, Seat.state == SeatState.OFFERED)
    )
    return list(
        db.session.scalars(
            select(Registration)
            .where(
                Registration.conference_id == conference_id,
                (Registration.status == RegistrationStatus.OFFERED) | Registration.id.in_(offered),
            )
            .order_by(Registration.id)
        )
    )


def _lapse_in(conference_id: int, at: datetime) -> int:
    ended = 0
    with transaction():
        versions.raise_conference(conference_id)
        for registration in _with_due_offers(conference_id, at):
            for offer in of(registration):
                if offer.expires_at is not None and offer.expires_at <= at:
                    history.note(registration, EventKind.LAPSED, subject=_subject(offer))
                    notices.offer_lapsed(registration, offer.group_round, _mark(offer))
                    _give_back(offer)
                    ended += 1
    return ended


def _with_due_offers(conference_id: int, at: datetime) -> list[Registration]:
    seats_due = (
        select(Participant.registration_id)
        .join(Seat, Seat.participant_id == Participant.id)
        .where(
            Seat.conference_id == conference_id,
            Seat.state == SeatState.OFFERED,
            Seat.offer_expires_at <= at,
        )
    )
    return list(
        db.session.scalars(
            select(Registration)
            .where(
                Registration.conference_id == conference_id,
                (Registration.offer_expires_at <= at) | Registration.id.in_(seats_due),
            )
            .order_by(Registration.id)
        )
    )


def _give_back(offer: Offer) -> None:
    registration = offer.registration
    registration.changed_at = now()
    if offer.group_round is not None:
        seats.give_back(registration, offer.group_round)
        return
    admission.leave(registration, RegistrationStatus.LAPSED)
    admission.move_up(registration.conference)


def _find(registration: Registration, group_round_id: int | None) -> Offer | None:
    return next(
        (
            offer
            for offer in of(registration)
            if (offer.group_round.id if offer.group_round else None) == group_round_id
        ),
        None,
    )


def _has(registration: Registration, group_round_id: int | None) -> bool:
    if group_round_id is None:
        return registration.has_place
    return any(
        seat.group_round_id == group_round_id and seat.state is SeatState.SEATED
        for person in registration.participants
        for seat in person.live_seats
    )


def _why_gone(registration: Registration, group_round_id: int | None) -> NoOffer | OfferExpired:
    """Whether it is gone because its time is over, or there is another reason."""
    if registration.status is RegistrationStatus.LAPSED:
        return OfferExpired()
    groups = [
        group
        for group in registration.conference.groups
        for held in group.rounds
        if held.id == group_round_id
    ]
    ended = select(RegistrationEvent.subject).where(
        RegistrationEvent.registration_id == registration.id, RegistrationEvent.kind == EventKind.LAPSED
    )
    if groups and str(groups[0].title) in db.session.scalars(ended).all():
        return SeatOfferExpired()
    return NoOffer()


def _subject(offer: Offer) -> str:
    return str(offer.group_round.group.title) if offer.group_round else ""


def _mark(offer: Offer) -> str:
    """Names this very offer: a later one of the same seats is another."""
    return f"{offer.seats[0].id}.{offer.seats[0].ticket}" if offer.seats else str(offer.registration.ticket)
