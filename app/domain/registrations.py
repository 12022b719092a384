"""Registrations: a resident or staff for somebody takes a place at the conference and seats in groups."""

from __future__ import annotations

import hmac
import secrets as random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager

from app.database import db, now, transaction
from app.domain import (
    admission,
    codes,
    contact,
    history,
    notices,
    questions,
    seats,
    secrets,
    support,
    versions,
    wishes,
)
from app.domain import consents as given
from app.domain.errors import (
    AlreadyCancelled,
    HouseholdTooLarge,
    NobodyToRegister,
    NoSignupHere,
    NotFound,
    SignupClosed,
    UnknownCode,
)
from app.models import (
    Conference,
    ConsentMethod,
    ContactChannel,
    EventKind,
    GroupRound,
    Participant,
    Question,
    Registration,
    RegistrationChannel,
    RegistrationStatus,
    RoleGroup,
    Seat,
    SignupState,
    StaffMember,
    WorkingGroup,
)

# More come as a group: by telephone, where it can be talked about.
LARGEST_HOUSEHOLD = 12


@dataclass(frozen=True)
class Details:
    """What somebody tells about themselves; all but the role is voluntary."""

    role_group: RoleGroup
    display_name: str = ""
    organisation: str = ""
    language: str = "de"
    contact_channel: ContactChannel = ContactChannel.NONE
    contact: str = field(default="", repr=False)


@dataclass(frozen=True)
class Person:
    """One person of a household as they register."""

    name: str = ""
    # Years, of a child, who then has no name.
    age: int | None = None
    # Round number -> id of the group round.
    groups: Mapping[int, int] = field(default_factory=dict)
    # Round number -> ids of group rounds, dearest first.
    wishes: Mapping[int, Sequence[int]] = field(default_factory=dict)
    needs: Sequence[support.Wanted] = field(default=(), repr=False)


def register(
    conference: Conference,
    details: Details,
    people: Sequence[Person],
    *,
    submission: str,
    channel: RegistrationChannel = RegistrationChannel.WEB,
    notice_digest: str = "",
    answers: Mapping[int, Any] = MappingProxyType({}),
    consents: Collection[int] = (),
    consent_method: ConsentMethod = ConsentMethod.WEB,
    wants_together: bool = False,
    override: str = "",
    by: StaffMember | None = None,
    tells: bool = True,
) -> tuple[Registration, str]:
    """Register a household: places for all its people, or one place in the queue where not all of them fit.

    Who gets a place gets a seat in each group they chose, or waits for it; wishes are kept until they are allocated.
    Returns the registration and its code. `submission` is the form's own random id: the same form sent again returns
    the registration of the first time, with the same code, and changes nothing.
    Raises SignupClosed, ConferenceFull where there is no queue, NobodyToRegister, HouseholdTooLarge, TimeCollision and
    what answers, needs, consents and wishes refuse. Staff (`by`) may register after closing, and walk-ins on the places
    kept for them, and with a reason (`override`) on added places; nobody (NoSignupHere) at a draft or a cancelled
    conference. With `tells` False they tell the household by themselves.
    """
    conference_id = conference.id
    mark = submission_digest(conference_id, submission)
    try:
        with transaction():
            versions.raise_conference(conference_id, seats_only=True)
            earlier, code = _earlier_or_code(mark, submission)
            if earlier is not None:
                return earlier, _code_given(earlier, submission)
            _refuse_unless_open(conference, by_staff=by is not None)
            _refuse_size(people)
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
                wants_together=wants_together,
                created_by_id=by.id if by else None,
                participants=[
                    Participant(
                        host_id=conference.host_id,
                        conference_id=conference_id,
                        position=position,
                        name="" if person.age is not None else person.name,
                        age=person.age,
                        seats=[],
                    )
                    for position, person in enumerate(people, start=1)
                ],
            )
            registration.conference = db.session.get_one(Conference, conference_id)
            db.session.add(registration)
            admission.enter(
                registration, may_wait=channel is not RegistrationChannel.WALK_IN, override=override, by=by
            )
            for participant, person in zip(registration.participants, people, strict=True):
                if person.needs:
                    support.save(participant, person.needs)
                if person.wishes:
                    wishes.save(participant, person.wishes)
            # At the door nobody is asked to fill in a form.
            is_asked = channel is not RegistrationChannel.WALK_IN
            if answers or (is_asked and db.session.scalar(_asks_questions(conference_id))):
                questions.save_answers(registration, answers)
            if consents:
                given.give(registration, consents, method=consent_method, by=by)
            _give_groups(registration, people, by=by)
            if registration.status is RegistrationStatus.WAITLISTED:
                history.note(registration, EventKind.WAITLISTED, by=by)
                tell = notices.waitlisted
            else:
                history.note(registration, EventKind.REGISTERED, by=by)
                tell = notices.registration_confirmed
            if tells:
                tell(registration)
    except IntegrityError:
        # The same form arrived twice at the same moment and the other one won.
        winner = _by_submission(mark)
        if winner is None:
            raise
        return winner, _code_given(winner, submission)
    return registration, code


def cancel(registration: Registration, *, by: StaffMember | None = None) -> list[Seat]:
    """Cancel: the places and all seats go to others, who are told; returns the seats of those who moved up in groups.

    Support needs, and that there was an answer to them, are erased at once; the history says nothing of it.
    Doing it twice changes nothing.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            return []
        moved_up = seats.release_all(registration.participants)
        admission.leave(registration, RegistrationStatus.CANCELLED)
        registration.cancelled_at = registration.changed_at = now()
        registration.calendar_sequence += 1
        db.session.flush()
        support.forget(registration)
        history.note(registration, EventKind.CANCELLED, by=by)
        notices.registration_cancelled(registration)
        admission.move_up(registration.conference)
        return moved_up


def correct(registration: Registration, details: Details, *, by: StaffMember | None = None) -> None:
    """Let the registration say `details`; seats and code stay, and links where it is reached as before (contact.put).

    Raises AlreadyCancelled.
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        if registration.role_group is not details.role_group:
            admission.change_audience(registration, details.role_group)
        registration.display_name = details.display_name
        registration.organisation = details.organisation
        registration.language = details.language
        registration.changed_at = now()
        contact.put(registration, details.contact_channel, details.contact)
        db.session.flush()
        history.note(registration, EventKind.CHANGED, by=by)
        admission.move_up(registration.conference)


def renew_code(registration: Registration, *, by: StaffMember | None = None) -> str:
    """Give a new code and make the old one and all mailed links void; returns the new code."""
    with transaction():
        versions.raise_conference(registration.conference_id)
        code = codes.new_code()
        registration.code_digest = codes.digest(code)
        registration.link_nonce = random.token_hex(16)
        registration.changed_at = now()
        history.note(registration, EventKind.CODE_RENEWED, by=by)
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


def of_submission(conference: Conference, submission: str) -> tuple[Registration, str] | None:
    """The registration this form was sent for, with its code; None when it has not been sent."""
    earlier = _by_submission(submission_digest(conference.id, submission))
    return (earlier, _code_given(earlier, submission)) if earlier else None


def submission_digest(conference_id: int, submission: str) -> str:
    """What is stored of the id of a form."""
    return secrets.digest("submission", f"{conference_id}:{submission}")


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
        if number.isascii() and number.isdigit() and len(number) < 10
        else None
    )
    if registration is None or not hmac.compare_digest(link_token(registration).encode(), token.encode()):
        raise NotFound
    return registration


def _refuse_unless_open(conference: Conference, *, by_staff: bool) -> None:
    state = conference.signup_state(now())
    if by_staff:
        if state in (SignupState.HIDDEN, SignupState.CANCELLED):
            raise NoSignupHere
    elif state not in (SignupState.OPEN, SignupState.FULL):
        raise SignupClosed


def _refuse_size(people: Sequence[Person]) -> None:
    if not people:
        raise NobodyToRegister
    if len(people) > LARGEST_HOUSEHOLD:
        raise HouseholdTooLarge


def _give_groups(registration: Registration, people: Sequence[Person], *, by: StaffMember | None) -> None:
    """Seats or queue places in the groups that were chosen; who waits for the conference keeps the choice for later."""
    joining: dict[int, list[Participant]] = {}
    for participant, person in zip(registration.participants, people, strict=True):
        for round_id in person.groups.values():
            joining.setdefault(round_id, []).append(participant)
    for round_id, together in sorted(joining.items()):
        group_round = round_of(registration.conference_id, round_id)
        if registration.has_place:
            seats.take_together(group_round, together, by_staff=by is not None)
        else:
            for participant in together:
                admission.remember_groups(participant, [group_round])


def _asks_questions(conference_id: int) -> Any:
    return (
        select(Question.id).where(Question.conference_id == conference_id, Question.is_on.is_(True)).limit(1)
    )


def round_of(conference_id: int, round_id: int) -> GroupRound:
    """The group round with this id, when it belongs to the conference. Raises NotFound."""
    group_round = db.session.scalar(
        select(GroupRound)
        .join(WorkingGroup)
        .options(contains_eager(GroupRound.group))
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


def _earlier_or_code(mark: str, submission: str) -> tuple[Registration | None, str]:
    """The registration of this form if there is one, and else a code nobody has: one statement, unless one is taken."""
    for attempt in range(8):
        code = codes.code_of_submission(submission, attempt)
        found = db.session.scalars(
            select(Registration).where(
                (Registration.submission_digest == mark) | (Registration.code_digest == codes.digest(code))
            )
        ).all()
        earlier = next((held for held in found if held.submission_digest == mark), None)
        if earlier is not None or not found:
            return earlier, code
    raise RuntimeError("eight codes in a row were taken")
