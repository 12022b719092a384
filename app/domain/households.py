"""Households: their people change, choose other groups, or are let in before their turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import (
    admission,
    calendar,
    editing,
    history,
    notices,
    registrations,
    seats,
    support,
    versions,
    wishes,
)
from app.domain.errors import (
    AlreadyCancelled,
    Changed,
    HouseholdTooLarge,
    NoPlaceYet,
    NotByWishes,
    NotFound,
    SignupClosed,
    TooManyFromInstitution,
    WishesChanged,
)
from app.models import (
    EventKind,
    GroupChoice,
    GroupRound,
    InstitutionInvitation,
    Participant,
    Registration,
    Seat,
    SeatState,
    SignupState,
    StaffMember,
)


def change_groups(
    registration: Registration,
    wanted: Mapping[int, Mapping[int, GroupRound | None]],
    *,
    override: str = "",
    by: StaffMember | None = None,
) -> None:
    """Let each person (by id) hold the wanted group in each round number, None meaning no group; all or nothing.

    A seat is never lost by it: who chooses a group without room keeps the seat held and waits beside. Choosing the
    group one sits in ends the waiting for another, choosing one that is offered accepts the offer. Raises SignupClosed,
    AlreadyCancelled, NoPlaceYet, OfferExpired, TimeCollision, NotFound.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        if not registration.has_place:
            raise NoPlaceYet
        _refuse_unless_changeable(registration, by)
        people = {person.id: person for person in registration.participants}
        if set(wanted) - set(people):
            raise NotFound
        before = _places_of(registration)
        joining: dict[int, list[Participant]] = {}
        rounds: dict[int, GroupRound] = {}
        leaving: list[Seat] = []
        accepted: list[Seat] = []
        for person_id, choices in sorted(wanted.items()):
            person = people[person_id]
            for number, group_round in sorted(choices.items()):
                held = [seat for seat in person.live_seats if seat.round_number == number]
                if group_round is None:
                    leaving += held
                    continue
                if group_round.conference_id != registration.conference_id or group_round.number != number:
                    raise NotFound
                if any(
                    seat.group_round_id == group_round.id and seat.state is SeatState.SEATED for seat in held
                ):
                    leaving += [seat for seat in held if seat.group_round_id != group_round.id]
                    continue
                offered = [
                    seat
                    for seat in held
                    if seat.group_round_id == group_round.id and seat.state is SeatState.OFFERED
                ]
                if offered:
                    accepted += offered
                    continue
                rounds[group_round.id] = group_round
                joining.setdefault(group_round.id, []).append(person)
        seats.release_together(leaving)
        seats.accept_together(accepted)
        for round_id, together in sorted(joining.items()):
            seats.take_together(rounds[round_id], together, override=override, by_staff=by is not None, by=by)
        if _places_of(registration) != before:
            registration.changed_at = now()
            db.session.flush()
            history.note(registration, EventKind.GROUPS_CHANGED, by=by)
            notices.groups_changed(registration)


def add_person(
    registration: Registration,
    person: registrations.Person,
    *,
    known: int | None = None,
    by: StaffMember | None = None,
) -> Participant:
    """Let one more person of the household come; who waits, waits with one more.

    `known` is how many people the form knew of: where there are more, it was sent twice, and Changed is raised.
    Raises ConferenceFull where there is no place left, HouseholdTooLarge, SignupClosed, AlreadyCancelled, and
    TooManyFromInstitution when an institution adds more than it was invited for.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        _refuse_unless_changeable(registration, by)
        if known is not None and known != len(registration.participants):
            raise Changed
        if len(registration.participants) >= registrations.LARGEST_HOUSEHOLD:
            raise HouseholdTooLarge
        if by is None:
            _refuse_beyond_invitation(registration)
        admission.resize(registration, +1)
        participant = Participant(
            host_id=registration.host_id,
            conference_id=registration.conference_id,
            position=1 + max((held.position for held in registration.participants), default=0),
            name="" if person.age is not None else person.name,
            age=person.age,
        )
        registration.participants.append(participant)
        db.session.flush()
        if person.needs:
            support.save(participant, person.needs)
        if person.wishes:
            wishes.save(participant, person.wishes)
        for round_id in sorted(person.groups.values()):
            group_round = registrations.round_of(registration.conference_id, round_id)
            if registration.has_place:
                seats.take(group_round, participant, by_staff=by is not None)
            else:
                admission.remember_groups(participant, [group_round])
        _note_change(registration, by)
        return participant


def change_person(
    participant: Participant, *, name: str, age: int | None, by: StaffMember | None = None
) -> None:
    """Let the person be called `name`, or be a child of `age` years.

    Raises SignupClosed, AlreadyCancelled, NotFound for somebody who was removed meanwhile.
    """
    registration, person_id = participant.registration, participant.id
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        _refuse_unless_changeable(registration, by)
        found = _person(registration, person_id)
        if found is None:
            raise NotFound
        participant = found
        participant.name, participant.age = ("" if age is not None else name), age
        _note_change(registration, by)


def remove_person(participant: Participant, *, by: StaffMember | None = None) -> None:
    """Let one person stay away: the place and the seats go to the next. The last one cancels the registration.

    Doing it twice changes nothing.
    """
    registration, person_id = participant.registration, participant.id
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        found = _person(registration, person_id)
        if found is None:
            return
        participant = found
        if len(registration.participants) == 1:
            registrations.cancel(registration, by=by)
            return
        had_places = bool(participant.live_seats)
        seats.release_all([participant])
        admission.resize(registration, -1)
        others = {
            seat.group_round_id
            for person in registration.participants
            for seat in person.seats
            if person is not participant
        }
        calendar.keep_cancelled([seat for seat in participant.seats if seat.group_round_id not in others])
        registration.participants.remove(participant)
        db.session.flush()
        _note_change(registration, by)
        if had_places:
            notices.groups_changed(registration)
        admission.move_up(registration.conference)


def change_wishes(
    registration: Registration,
    wanted: Mapping[int, Mapping[int, Sequence[int]]],
    *,
    together: bool,
    shown: str | None = None,
    by: StaffMember | None = None,
) -> None:
    """Let these be the wishes of its people (by id): round number -> ids of group rounds, dearest first.

    `shown` is what `wishes_seen` said when the form was shown: a page that was open all along takes nothing back that
    was changed meanwhile, but raises WishesChanged. Saving what is stored already changes nothing.
    Raises SignupClosed, AlreadyCancelled, NotByWishes, NotFound and what wishes refuse.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        if registration.conference.group_choice is not GroupChoice.WISHES:
            raise NotByWishes
        _refuse_unless_changeable(registration, by)
        people = {person.id: person for person in registration.participants}
        if set(wanted) - set(people):
            raise NotFound
        stored = wishes.of_all(people.values())
        named = {
            person_id: {number: list(ids) for number, ids in choices.items() if ids}
            for person_id, choices in wanted.items()
        }
        if registration.wants_together == together and stored == stored | named:
            return
        if shown is not None and shown != wishes_seen(registration):
            raise WishesChanged
        for person_id, choices in sorted(named.items()):
            wishes.save(people[person_id], choices)
        registration.wants_together = together
        _note_change(registration, by)


def wishes_seen(registration: Registration) -> str:
    """A short name for the wishes of a household as they are now; equal exactly when they are."""
    return editing.seen(
        {"together": registration.wants_together, "wishes": wishes.of_all(registration.participants)}
    )


def change_needs(
    registration: Registration,
    wanted: Mapping[int, Sequence[support.Wanted]],
    *,
    by: StaffMember | None = None,
) -> None:
    """Let these be the support needs of its people (by id); what was answered before stays answered.

    Raises SignupClosed, AlreadyCancelled, NotFound, SupportNotOffered.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        _refuse_unless_changeable(registration, by)
        people = {person.id: person for person in registration.participants}
        if set(wanted) - set(people):
            raise NotFound
        for person_id, needs in sorted(wanted.items()):
            support.save(people[person_id], needs)
        _note_change(registration, by)


def let_in(registration: Registration, *, reason: str, by: StaffMember) -> None:
    """Give a household of the queue its places before its turn, on added ones where there are too few.

    The reason stands in the history. Doing it twice changes nothing. Raises OverrideReasonMissing, AlreadyCancelled.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        if registration.has_place:
            return
        admission.let_in(registration, reason=reason, by=by)
        registration.changed_at = now()
        notices.place_given(registration)


def _person(registration: Registration, person_id: int) -> Participant | None:
    """The person under the lock; None when somebody removed them meanwhile."""
    return next((held for held in registration.participants if held.id == person_id), None)


def _refuse_unless_changeable(registration: Registration, by: StaffMember | None) -> None:
    state = registration.conference.signup_state(now())
    if by is None and state not in (SignupState.OPEN, SignupState.FULL):
        raise SignupClosed


def _places_of(registration: Registration) -> set[tuple[int, int, SeatState]]:
    return {
        (person.id, seat.group_round_id, seat.state)
        for person in registration.participants
        for seat in person.live_seats
    }


def _refuse_beyond_invitation(registration: Registration) -> None:
    """An institution brings as many as it was invited for; more are agreed with staff."""
    most = db.session.scalar(
        select(InstitutionInvitation.most).where(InstitutionInvitation.registration_id == registration.id)
    )
    if most is not None and len(registration.participants) >= most:
        raise TooManyFromInstitution(most=most)


def _note_change(registration: Registration, by: StaffMember | None) -> None:
    registration.changed_at = now()
    db.session.flush()
    history.note(registration, EventKind.CHANGED, by=by)
