"""Registrations: a resident or staff for somebody takes a place at the conference and seats in groups."""

from __future__ import annotations

import hmac
import secrets as random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.database import db, now, transaction
from app.domain import codes, notices, seats, secrets, versions
from app.domain.errors import (
    AlreadyCancelled,
    ConferenceFull,
    NoSignupHere,
    NotFound,
    SignupClosed,
    UnknownCode,
)
from app.models import (
    Conference,
    ContactChannel,
    GroupRound,
    Participant,
    Registration,
    RegistrationChannel,
    RegistrationStatus,
    RoleGroup,
    Seat,
    SignupState,
    StaffMember,
    WorkingGroup,
)


@dataclass(frozen=True)
class Details:
    """What somebody tells about themselves; all but the role is voluntary."""

    role_group: RoleGroup
    display_name: str = ""
    organisation: str = ""
    language: str = "de"
    contact_channel: ContactChannel = ContactChannel.NONE
    contact: str = field(default="", repr=False)


def register(
    conference: Conference,
    details: Details,
    group_rounds: list[GroupRound],
    *,
    submission: str,
    channel: RegistrationChannel = RegistrationChannel.WEB,
    notice_digest: str = "",
    by: StaffMember | None = None,
) -> tuple[Registration, str]:
    """Register one person and give them a place in each of `group_rounds`: a seat, or the queue where it is full.

    Returns the registration and its code. `submission` is the form's own random id: the same form sent again returns
    the registration of the first time, with the same code, and changes nothing.
    Raises SignupClosed or ConferenceFull. Staff (`by`) may register after closing, and walk-ins on the places kept for
    them, never beyond the capacity, and nobody (NoSignupHere) at a draft or a cancelled conference.
    """
    conference_id = conference.id
    mark = secrets.digest("submission", f"{conference_id}:{submission}")
    round_ids = sorted({group_round.id for group_round in group_rounds})
    try:
        with transaction():
            versions.raise_conference(conference_id)
            earlier = _by_submission(mark)
            if earlier:
                return earlier, _code_given(earlier, submission)
            _take_place(conference, channel, by_staff=by is not None)
            code = _free_code(submission)
            registration = Registration(
                host_id=conference.host_id,
                conference_id=conference_id,
                channel=channel,
                role_group=details.role_group,
                display_name=details.display_name,
                organisation=details.organisation,
                language=details.language,
                contact_channel=details.contact_channel if details.contact else ContactChannel.NONE,
                contact=secrets.encrypt(
                    details.contact if details.contact_channel is not ContactChannel.NONE else ""
                ),
                code_digest=codes.digest(code),
                submission_digest=mark,
                link_nonce=random.token_hex(16),
                notice_digest=notice_digest,
                created_by_id=by.id if by else None,
            )
            participant = Participant(host_id=conference.host_id, conference_id=conference_id, position=1)
            registration.participants.append(participant)
            db.session.add(registration)
            db.session.flush()
            for round_id in round_ids:
                seats.take(_round_of(conference_id, round_id), participant, by_staff=by is not None)
            notices.registration_confirmed(registration)
    except IntegrityError:
        # The same form arrived twice at the same moment and the other one won.
        winner = _by_submission(mark)
        if winner is None:
            raise
        return winner, _code_given(winner, submission)
    return registration, code


def change_groups(
    registration: Registration,
    wanted: Mapping[int, GroupRound | None],
    *,
    accept_queue: bool | Collection[int] = False,
    by: StaffMember | None = None,
) -> None:
    """Let each round number hold the wanted group, None meaning no group; all or nothing.

    `accept_queue` says where a place in a queue will do: everywhere, nowhere, or in the rounds of these numbers.
    Raises GroupFull where a seat would be lost for a place in a queue that was not asked for, SignupClosed, NotFound.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        if by is None and registration.conference.signup_state(now()) not in (
            SignupState.OPEN,
            SignupState.FULL,
        ):
            raise SignupClosed
        changed = False
        for participant in registration.participants:
            held = {seat.round_number: seat for seat in participant.live_seats}
            for number, group_round in sorted(wanted.items()):
                seat = held.get(number)
                if group_round is None and seat:
                    seats.release(seat)
                    changed = True
                elif group_round is not None and (seat is None or seat.group_round_id != group_round.id):
                    if (
                        group_round.conference_id != registration.conference_id
                        or group_round.number != number
                    ):
                        raise NotFound
                    queue = accept_queue if isinstance(accept_queue, bool) else number in accept_queue
                    seats.change(group_round, participant, accept_queue=queue, by_staff=by is not None)
                    changed = True
        if changed:
            registration.changed_at = now()
            db.session.flush()
            notices.groups_changed(registration)


def cancel(registration: Registration) -> list[Seat]:
    """Cancel: the place and all seats go to others, who are told; returns the seats of those who moved up.

    Doing it twice changes nothing.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            return []
        moved_up = seats.release_all(registration.participants)
        registration.status = RegistrationStatus.CANCELLED
        registration.cancelled_at = registration.changed_at = now()
        db.session.flush()
        db.session.execute(
            update(Conference)
            .where(Conference.id == registration.conference_id)
            .values(places_taken=Conference.places_taken - len(registration.participants))
            .execution_options(synchronize_session=False)
        )
        notices.registration_cancelled(registration)
        return moved_up


def correct(registration: Registration, details: Details) -> None:
    """Let the registration say `details`; seats, code and links stay. Raises AlreadyCancelled."""
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        reachable = details.contact_channel is not ContactChannel.NONE and bool(details.contact)
        registration.role_group = details.role_group
        registration.display_name = details.display_name
        registration.organisation = details.organisation
        registration.language = details.language
        registration.contact_channel = details.contact_channel if reachable else ContactChannel.NONE
        registration.contact = secrets.encrypt(details.contact if reachable else "")
        registration.changed_at = now()


def renew_code(registration: Registration) -> str:
    """Give a new code and make the old one and all mailed links void; returns the new code."""
    with transaction():
        versions.raise_conference(registration.conference_id)
        code = codes.new_code()
        registration.code_digest = codes.digest(code)
        registration.link_nonce = random.token_hex(16)
        registration.changed_at = now()
    return code


def by_code(host_id: int, code: str) -> Registration:
    """The registration this code opens. Raises UnknownCode, the same for a wrong, foreign or malformed one."""
    registration = db.session.scalar(
        select(Registration).where(
            Registration.host_id == host_id, Registration.code_digest == codes.digest(code)
        )
    )
    if registration is None:
        raise UnknownCode
    return registration


def link_token(registration: Registration) -> str:
    """The secret part of a personal link; derived, so that it stands nowhere."""
    return f"{registration.id}-{secrets.digest('link', f'{registration.id}:{registration.link_nonce}')[:40]}"


def holding_mark(registration: Registration) -> str:
    """What a browser keeps after the code was shown: a new code makes it void, as it does the mailed links."""
    return secrets.digest("holding", f"{registration.id}:{registration.link_nonce}")[:40]


def by_link(conference: Conference, token: str) -> Registration:
    """The registration a personal link opens. Raises NotFound when it is wrong or has become void."""
    number, _, _ = token.partition("-")
    registration = (
        db.session.scalar(
            select(Registration).where(
                Registration.conference_id == conference.id, Registration.id == int(number)
            )
        )
        if number.isascii() and number.isdigit() and len(number) < 18
        else None
    )
    if registration is None or not hmac.compare_digest(link_token(registration).encode(), token.encode()):
        raise NotFound
    return registration


def _take_place(conference: Conference, channel: RegistrationChannel, *, by_staff: bool) -> None:
    state = conference.signup_state(now())
    if by_staff and state in (SignupState.HIDDEN, SignupState.CANCELLED):
        raise NoSignupHere
    free = conference.places_free
    if conference.capacity is not None and channel is RegistrationChannel.WALK_IN and by_staff:
        # The places kept for people who come unannounced are theirs.
        free = conference.capacity - conference.places_taken
    if free == 0:
        raise ConferenceFull
    if state is not SignupState.OPEN and not by_staff:
        raise SignupClosed
    db.session.execute(
        update(Conference)
        .where(Conference.id == conference.id)
        .values(places_taken=Conference.places_taken + 1)
        .execution_options(synchronize_session=False)
    )


def _round_of(conference_id: int, round_id: int) -> GroupRound:
    group_round = db.session.scalar(
        select(GroupRound)
        .join(WorkingGroup)
        .where(GroupRound.id == round_id, GroupRound.conference_id == conference_id)
    )
    if group_round is None:
        raise NotFound
    return group_round


def _by_submission(mark: str) -> Registration | None:
    return db.session.scalar(select(Registration).where(Registration.submission_digest == mark))


def _code_given(registration: Registration, submission: str) -> str:
    for attempt in range(8):
        code = codes.code_of_submission(submission, attempt)
        if codes.digest(code) == registration.code_digest:
            return code
    # Staff have printed a new code since; the old form does not tell it.
    return ""


def _free_code(submission: str) -> str:
    for attempt in range(8):
        code = codes.code_of_submission(submission, attempt)
        taken = db.session.scalar(
            select(Registration.id).where(Registration.code_digest == codes.digest(code))
        )
        if taken is None:
            return code
    raise RuntimeError("eight codes in a row were taken")
