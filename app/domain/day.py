"""The day itself: who has arrived, in the house and in the rooms, and whoever comes without having registered."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import selectinload

from app.database import db, now, transaction
from app.domain import admission, history, registrations, secrets, versions
from app.domain.errors import (
    AnotherConference,
    ConferenceFull,
    DoorFull,
    DoorStillOpen,
    GroupFullAtTheDoor,
    HasNoPlace,
    NoAdmissionHere,
    NotFound,
    NotInThisGroup,
    UnknownAtTheDoor,
    UnknownCode,
)
from app.models import (
    PLACED_STATUSES,
    CheckIn,
    Conference,
    ConferenceStatus,
    EventKind,
    GroupRound,
    Participant,
    Registration,
    RegistrationChannel,
    RegistrationStatus,
    RoleGroup,
    Seat,
    SeatState,
    StaffMember,
)

_DOOR_MARK = re.compile(r"EINLASS-([0-9]{1,17})-([0-9A-F]{24})")
NOT_TAKING_PLACE = frozenset(
    {
        ConferenceStatus.DRAFT,
        ConferenceStatus.POSTPONED,
        ConferenceStatus.CANCELLED,
        ConferenceStatus.ARCHIVED,
    }
)


@dataclass(frozen=True)
class Closed:
    """How many registrations came and how many did not, and for how many of them that is news."""

    attended: int
    no_show: int
    changed: int


def door_mark(registration: Registration) -> str:
    """What the QR code for the door says: it opens no page and tells nothing; a new code makes it void.

    In capitals and digits, which make the smallest QR code.
    """
    text = f"{registration.conference_id}:{registration.id}:{registration.link_nonce}"
    return f"EINLASS-{registration.id}-{secrets.digest('door', text)[:24].upper()}"


def by_door_mark(conference: Conference, mark: str) -> Registration:
    """The registration at this conference whose QR code was read. Raises UnknownAtTheDoor."""
    read = _DOOR_MARK.fullmatch(mark.strip().upper())
    registration = (
        db.session.scalar(
            select(Registration).where(
                Registration.conference_id == conference.id, Registration.id == int(read[1])
            )
        )
        if read
        else None
    )
    if (
        read is None
        or registration is None
        or not hmac.compare_digest(door_mark(registration).encode(), read[0].encode())
    ):
        raise UnknownAtTheDoor
    return registration


def by_what_was_shown(conference: Conference, text: str) -> Registration:
    """The registration of a code that was read out or typed, or of the QR code for the door.

    Raises UnknownAtTheDoor and, for a code that the host has given for another conference, AnotherConference.
    """
    if text.strip().upper().startswith("EINLASS"):
        return by_door_mark(conference, text)
    try:
        registration = registrations.by_code(conference.host_id, text)
    except UnknownCode as error:
        raise UnknownAtTheDoor from error
    if registration.conference_id != conference.id:
        raise AnotherConference(title=str(registration.conference.title))
    return registration


def check_in(
    conference: Conference,
    participant_ids: Collection[int],
    *,
    group_round: GroupRound | None = None,
    by: StaffMember | None = None,
) -> int:
    """Let these people in at the door, or note that they are in the room of `group_round`; returns for how many that is
    news. Who is in a room has also come through the door. Doing it twice changes nothing; all or nobody.

    Raises NoAdmissionHere, NotFound, HasNoPlace and NotInThisGroup.
    """
    round_id = group_round.id if group_round else None
    with transaction():
        versions.hold_conference(conference.id)
        _refuse_unless_it_takes_place(conference)
        people = _people(conference, participant_ids)
        if any(not person.registration.has_place for person in people):
            raise HasNoPlace
        if round_id is not None:
            _refuse_unless_seated(conference, round_id, people)
        there = {
            (row.participant_id, row.group_round_id)
            for row in db.session.execute(
                select(CheckIn.participant_id, CheckIn.group_round_id).where(
                    CheckIn.participant_id.in_([person.id for person in people])
                )
            )
        }
        news = 0
        for person in people:
            places = {None, round_id}
            news += (person.id, round_id) not in there
            for place in sorted(places - {held for who, held in there if who == person.id}, key=bool):
                db.session.add(
                    CheckIn(
                        host_id=conference.host_id,
                        conference_id=conference.id,
                        participant_id=person.id,
                        group_round_id=place,
                        by_id=by.id if by else None,
                    )
                )
        db.session.flush()
    return news


def undo(
    conference: Conference, participant_ids: Collection[int], *, group_round: GroupRound | None = None
) -> int:
    """Take a check-in back: that of a room, or at the door and with it those of all rooms; returns how many people it
    was. Doing it twice changes nothing. Raises NotFound.
    """
    round_id = group_round.id if group_round else None
    with transaction():
        versions.hold_conference(conference.id)
        people = [person.id for person in _people(conference, participant_ids)]
        of_them = CheckIn.participant_id.in_(people)
        found = db.session.scalars(
            select(CheckIn.participant_id).where(
                of_them, CheckIn.group_round_id.is_not_distinct_from(round_id)
            )
        ).all()
        gone = of_them if round_id is None else of_them & (CheckIn.group_round_id == round_id)
        db.session.execute(delete(CheckIn).where(gone).execution_options(synchronize_session=False))
        db.session.expire_all()
    return len(found)


def walk_in(
    conference: Conference,
    people: Sequence[registrations.Person],
    *,
    submission: str,
    by: StaffMember,
    name: str = "",
    role_group: RoleGroup = RoleGroup.RESIDENT,
) -> tuple[Registration, str]:
    """Register people who come unannounced and let them in: on the places kept for them and on all that are free.

    Returns the registration and its code. The same form (`submission`) sent again changes nothing. Raises
    NoAdmissionHere, DoorFull and GroupFullAtTheDoor instead of letting anybody wait, and what registering refuses.
    """
    details = registrations.Details(role_group, display_name=name)
    with transaction():
        versions.raise_conference(conference.id)
        _refuse_unless_it_takes_place(conference)
        free = admission.free_for(conference, role_group, walk_in=True)
        try:
            registration, code = registrations.register(
                conference,
                details,
                people,
                submission=submission,
                channel=RegistrationChannel.WALK_IN,
                by=by,
            )
        except ConferenceFull as error:
            raise DoorFull(free=free) from error
        for participant in registration.participants:
            for seat in participant.live_seats:
                if seat.state is not SeatState.SEATED:
                    raise GroupFullAtTheDoor(group=str(seat.group_round.group.title))
        check_in(conference, [person.id for person in registration.participants], by=by)
    return registration, code


def close_door(conference: Conference, by: StaffMember) -> Closed:
    """Note for every registration with a place whether anybody of it came; to be repeated after corrections.

    Raises NoAdmissionHere, and DoorStillOpen before the conference has begun.
    """
    with transaction():
        versions.raise_conference(conference.id)
        _refuse_unless_it_takes_place(conference)
        if now() < conference.starts_at:
            raise DoorStillOpen
        came = exists().where(
            Participant.registration_id == Registration.id,
            CheckIn.participant_id == Participant.id,
            CheckIn.group_round_id.is_(None),
        )
        rows = db.session.execute(
            select(Registration, came.label("came")).where(
                Registration.conference_id == conference.id, Registration.status.in_(PLACED_STATUSES)
            )
        ).all()
        changed = 0
        for registration, has_come in rows:
            status = RegistrationStatus.ATTENDED if has_come else RegistrationStatus.NO_SHOW
            if registration.status is status:
                continue
            changed += 1
            registration.status = status
            history.note(registration, EventKind.ATTENDED if has_come else EventKind.NO_SHOW, by=by)
        attended = sum(row.came for row in rows)
    return Closed(attended=attended, no_show=len(rows) - attended, changed=changed)


def _refuse_unless_it_takes_place(conference: Conference) -> None:
    if conference.status in NOT_TAKING_PLACE:
        raise NoAdmissionHere


def _people(conference: Conference, participant_ids: Collection[int]) -> list[Participant]:
    wanted = set(participant_ids)
    people = list(
        db.session.scalars(
            select(Participant)
            .where(Participant.conference_id == conference.id, Participant.id.in_(wanted))
            .options(selectinload(Participant.registration))
            .order_by(Participant.id)
        )
    )
    if not wanted or len(people) != len(wanted):
        raise NotFound
    return people


def _refuse_unless_seated(conference: Conference, round_id: int, people: Collection[Participant]) -> None:
    seated = set(
        db.session.scalars(
            select(Seat.participant_id).where(
                Seat.conference_id == conference.id,
                Seat.group_round_id == round_id,
                Seat.state == SeatState.SEATED,
                Seat.participant_id.in_([person.id for person in people]),
            )
        )
    )
    if any(person.id not in seated for person in people):
        raise NotInThisGroup
