"""Places at the conference: who comes in, what is kept for whom, and the queue of households.

A household comes in whole or waits whole. A free place goes to the first household of the queue that fits; a smaller
one passes a larger one only while that cannot fit. Places kept for an audience are given to nobody else. After each
change nobody waits who fits.

All of it happens under the lock of the conference (app.domain.versions), which every writer takes first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import ColumnElement, delete, func, select, update

from app.database import db, now
from app.domain import editing, history, moving_up, notices, seats
from app.domain.errors import (
    ConferenceFull,
    FrameBelowTaken,
    OverrideReasonMissing,
    QuotasAboveCapacity,
    TimeCollision,
)
from app.models import (
    PLACED_STATUSES,
    AudienceQuota,
    Conference,
    EventKind,
    GroupChoice,
    GroupRound,
    Participant,
    Registration,
    RegistrationChannel,
    RegistrationStatus,
    RoleGroup,
    StaffMember,
    Wish,
)

_HELD_STATUSES = PLACED_STATUSES | {RegistrationStatus.OFFERED}


def free_for(conference: Conference, role_group: RoleGroup, *, walk_in: bool = False) -> int | None:
    """How many places somebody of this audience can still get; None without a limit.

    Walk-ins also get what is kept for them, others do not.
    """
    if conference.capacity is None:
        return None
    own = next((quota.open for quota in conference.quotas if quota.role_group is role_group), 0)
    kept = conference.reserved_open - own
    if not walk_in:
        kept += max(0, conference.walk_in_quota - conference.walk_ins_taken)
    return max(0, conference.capacity - conference.places_taken - kept)


def has_room(registration: Registration, more: int = 1) -> bool:
    """Whether so many more people of a household fit now; who waits may wait with more."""
    if registration.status is RegistrationStatus.WAITLISTED:
        return True
    walk_in = registration.channel is RegistrationChannel.WALK_IN
    free = free_for(registration.conference, registration.role_group, walk_in=walk_in)
    return free is None or more <= free


def enter(
    registration: Registration, *, may_wait: bool, override: str = "", by: StaffMember | None = None
) -> None:
    """Give a new registration places for all its people, or the next ticket of the queue; within the caller's lock.

    Raises ConferenceFull where there is neither. `override` is a reason with which staff let them in at once, on added
    places where there are too few; it stands in the history.
    """
    conference = registration.conference
    people = len(registration.participants)
    # The places kept for people who come unannounced are given at the door.
    walk_in = registration.channel is RegistrationChannel.WALK_IN and registration.created_by_id is not None
    free = free_for(conference, registration.role_group, walk_in=walk_in)
    if override:
        _let_in_by_hand(registration, override, by)
    elif free is None or people <= free:
        registration.status = RegistrationStatus.CONFIRMED
        _hold(registration, people)
    elif may_wait and conference.has_queue:
        conference.last_ticket += 1
        conference.waiting += people
        registration.status, registration.ticket = RegistrationStatus.WAITLISTED, conference.last_ticket
    else:
        raise ConferenceFull
    db.session.flush()


def leave(registration: Registration, into: RegistrationStatus) -> None:
    """Give up the places or the place in the queue; the caller lets others move up. Within the caller's lock."""
    people = len(registration.participants)
    if registration.status is RegistrationStatus.WAITLISTED:
        registration.conference.waiting -= people
    elif registration.status in _HELD_STATUSES:
        _hold(registration, -people)
    registration.status = into
    registration.offered_at = registration.offer_expires_at = None
    db.session.flush()


def resize(registration: Registration, by: int, *, override: str = "") -> None:
    """Count `by` people more or fewer of a live registration, within the caller's lock.

    Raises ConferenceFull where more do not fit; who waits may wait with more.
    """
    conference = registration.conference
    if registration.status is RegistrationStatus.WAITLISTED:
        conference.waiting += by
    else:
        walk_in = registration.channel is RegistrationChannel.WALK_IN
        free = free_for(conference, registration.role_group, walk_in=walk_in)
        if by > 0 and free is not None and by > free:
            if not override:
                raise ConferenceFull
            _add_places(conference, by - free)
        _hold(registration, by)
    db.session.flush()


def change_audience(registration: Registration, role_group: RoleGroup) -> None:
    """Let the registration count for another audience, within the caller's lock; the caller lets others move up."""
    people = len(registration.participants)
    holds = registration.status in _HELD_STATUSES
    if holds:
        _hold(registration, -people)
    registration.role_group = role_group
    if holds:
        _hold(registration, people)
    db.session.flush()


def move_up(conference: Conference) -> list[Registration]:
    """Let households of the queue in, or offer them places, until nobody waits who fits; within the caller's lock.

    They are told after the commit. Returns them in the order of the queue.
    """
    moved: list[Registration] = []
    while moving_up.moves_up(conference, now()) and (registration := _next(conference)):
        people = len(registration.participants)
        conference.waiting -= people
        if conference.makes_offers:
            at = now()
            registration.status, registration.offered_at = RegistrationStatus.OFFERED, at
            registration.offer_expires_at = moving_up.deadline(conference, registration.contact_channel, at)
            _hold(registration, people)
            db.session.flush()
            history.note(registration, EventKind.OFFERED)
            notices.offer(registration, None, str(registration.ticket))
        else:
            registration.status = RegistrationStatus.CONFIRMED
            _hold(registration, people)
            db.session.flush()
            history.note(registration, EventKind.MOVED_UP)
            take_remembered_groups(registration)
            notices.place_given(registration)
        moved.append(registration)
    return moved


def accept(registration: Registration) -> None:
    """Turn an offered place into a given one, within the caller's lock."""
    registration.status = RegistrationStatus.CONFIRMED
    registration.offered_at = registration.offer_expires_at = None
    db.session.flush()
    take_remembered_groups(registration)


def remember_groups(participant: Participant, group_rounds: Iterable[GroupRound]) -> None:
    """Keep what somebody in the queue of the conference chose, until they get a place; within the caller's lock."""
    for group_round in group_rounds:
        db.session.add(
            Wish(
                host_id=participant.host_id,
                conference_id=participant.conference_id,
                participant_id=participant.id,
                group_round_id=group_round.id,
                round_number=group_round.number,
                rank=1,
            )
        )
    db.session.flush()


def take_remembered_groups(registration: Registration) -> None:
    """Try the groups that were chosen when the household began to wait: a seat each, or the queue of the group."""
    if registration.conference.group_choice is GroupChoice.WISHES:
        return
    wishes = db.session.scalars(
        select(Wish)
        .join(Participant, Wish.participant_id == Participant.id)
        .where(Participant.registration_id == registration.id)
        .order_by(Wish.group_round_id, Participant.position)
    ).all()
    by_round: dict[GroupRound, list[Participant]] = {}
    for wish in wishes:
        by_round.setdefault(wish.group_round, []).append(wish.participant)
    db.session.execute(delete(Wish).where(Wish.id.in_([wish.id for wish in wishes])))
    for group_round, people in by_round.items():
        try:
            seats.take_together(group_round, people, by_staff=True)
        except TimeCollision:
            # The programme has changed since: they choose anew.
            continue


def set_frame(
    conference: Conference,
    *,
    capacity: int | None,
    walk_in_quota: int,
    quotas: Mapping[RoleGroup, int],
) -> list[Registration]:
    """Set the places, those kept for walk-ins and those kept for audiences; returns the households that moved up.

    Raises FrameBelowTaken when more places are given or offered already, QuotasAboveCapacity.
    """
    with editing.writing(conference) as conference:
        if capacity is not None:
            if capacity < conference.places_taken:
                raise FrameBelowTaken(taken=conference.places_taken)
            kept = walk_in_quota + sum(quotas.values())
            if kept > capacity:
                raise QuotasAboveCapacity(kept=kept, places=capacity)
        conference.capacity, conference.walk_in_quota = capacity, walk_in_quota
        known = {quota.role_group: quota for quota in conference.quotas}
        for role_group, places in quotas.items():
            quota = known.pop(role_group, None)
            if quota is None:
                quota = AudienceQuota(
                    host_id=conference.host_id,
                    role_group=role_group,
                    taken=_people_of(conference, _counts_for(role_group)),
                )
                conference.quotas.append(quota)
            quota.places = places
        for quota in known.values():
            conference.quotas.remove(quota)
        db.session.flush()
        _sum_up(conference)
        return move_up(conference)


def people_with_place(conference: Conference) -> int:
    """How many people hold a place or an offer, counted from the rows."""
    return _people_of(conference, Registration.id.is_not(None))


def recount(conference: Conference) -> None:
    """Let all counters say what the rows say, within the caller's lock: after rows were written by a file."""
    rows = db.session.execute(
        select(Registration.status, func.count(Participant.id).label("people"))
        .join(Participant, Participant.registration_id == Registration.id)
        .where(Registration.conference_id == conference.id)
        .group_by(Registration.status)
    )
    people = {row.status: row.people for row in rows}
    conference.places_taken = sum(people.get(status, 0) for status in _HELD_STATUSES)
    conference.waiting = people.get(RegistrationStatus.WAITLISTED, 0)
    conference.walk_ins_taken = _people_of(conference, Registration.channel == RegistrationChannel.WALK_IN)
    for quota in conference.quotas:
        quota.taken = _people_of(conference, _counts_for(quota.role_group))
    _sum_up(conference)


def queue_positions(registrations: Collection[Registration]) -> dict[int, int]:
    """Places in the queue of the conference, from 1, by registration id, for those who wait: one statement for all."""
    waiting = [held.id for held in registrations if held.status is RegistrationStatus.WAITLISTED]
    if not waiting:
        return {}
    conferences = {held.conference_id for held in registrations}
    queue = (
        select(
            Registration.id,
            func.row_number()
            .over(partition_by=Registration.conference_id, order_by=Registration.ticket)
            .label("place"),
        )
        .where(
            Registration.conference_id.in_(conferences), Registration.status == RegistrationStatus.WAITLISTED
        )
        .subquery()
    )
    rows = db.session.execute(select(queue.c.id, queue.c.place).where(queue.c.id.in_(waiting)))
    return {row.id: row.place for row in rows}


def _next(conference: Conference) -> Registration | None:
    """The first household of the queue that fits whole."""
    if not conference.waiting:
        return None
    size = func.count(Participant.id)
    most = {role: free_for(conference, role) for role in RoleGroup}
    if all(free == 0 for free in most.values()):
        return None
    rows = db.session.execute(
        select(Registration.id, Registration.role_group, size)
        .join(Participant, Participant.registration_id == Registration.id)
        .where(
            Registration.conference_id == conference.id, Registration.status == RegistrationStatus.WAITLISTED
        )
        .group_by(Registration.id, Registration.role_group, Registration.ticket)
        .order_by(Registration.ticket)
    )
    for registration_id, role_group, people in rows:
        free = most[role_group]
        if free is None or people <= free:
            return db.session.get_one(Registration, registration_id)
    return None


def _let_in_by_hand(registration: Registration, reason: str, by: StaffMember | None) -> None:
    if not reason.strip():
        raise OverrideReasonMissing
    people = len(registration.participants)
    free = free_for(registration.conference, registration.role_group)
    if free is not None:
        _add_places(registration.conference, people - free)
    registration.status = RegistrationStatus.CONFIRMED
    _hold(registration, people)
    db.session.flush()
    history.note(registration, EventKind.OVERRIDDEN, reason=reason, by=by)


def let_in(registration: Registration, *, reason: str, by: StaffMember | None = None) -> None:
    """Let a household of the queue in before its turn, within the caller's lock. Raises OverrideReasonMissing."""
    if registration.status is RegistrationStatus.OFFERED:
        accept(registration)
        return
    registration.conference.waiting -= len(registration.participants)
    _let_in_by_hand(registration, reason, by)
    take_remembered_groups(registration)


def _add_places(conference: Conference, missing: int) -> None:
    if missing > 0 and conference.capacity is not None:
        conference.capacity += missing
        db.session.flush()


def _hold(registration: Registration, people: int) -> None:
    """Count people as holding a place; the CHECK of the table refuses one too many."""
    conference = registration.conference
    walk_ins = people if registration.channel is RegistrationChannel.WALK_IN else 0
    db.session.flush()
    db.session.execute(
        update(Conference)
        .where(Conference.id == conference.id)
        .values(
            places_taken=Conference.places_taken + people, walk_ins_taken=Conference.walk_ins_taken + walk_ins
        )
        .execution_options(synchronize_session=False)
    )
    db.session.expire(conference, ["places_taken", "walk_ins_taken"])
    for quota in conference.quotas:
        if not walk_ins and quota.role_group is registration.role_group:
            quota.taken += people
            _sum_up(conference)


def _sum_up(conference: Conference) -> None:
    conference.reserved_open = sum(quota.open for quota in conference.quotas)
    db.session.flush()


def _counts_for(role_group: RoleGroup) -> ColumnElement[bool]:
    """Who counts among the places of an audience: its people, without walk-ins."""
    return (Registration.role_group == role_group) & (Registration.channel != RegistrationChannel.WALK_IN)


def _people_of(conference: Conference, which: ColumnElement[bool]) -> int:
    return (
        db.session.scalar(
            select(func.count(Participant.id))
            .join(Registration, Participant.registration_id == Registration.id)
            .where(
                Registration.conference_id == conference.id, Registration.status.in_(_HELD_STATUSES), which
            )
        )
        or 0
    )
