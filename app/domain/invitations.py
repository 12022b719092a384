"""Invitations of institutions: staff list whom they ask, and the answer comes by a link without an account."""

from __future__ import annotations

import hmac
import secrets as random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.database import db, now
from app.domain import editing, notices, registrations, secrets
from app.domain.errors import (
    InstitutionListed,
    InstitutionNameMissing,
    InvitationAnswered,
    NotFound,
    TooManyFromInstitution,
    TooManyInvited,
)
from app.models import (
    Conference,
    InstitutionInvitation,
    InvitationState,
    Participant,
    Registration,
    RoleGroup,
    StaffMember,
)

ANSWERED = frozenset({InvitationState.ACCEPTED, InvitationState.DECLINED})
# Whoever presses twice sends one invitation.
_DOUBLE_CLICK = timedelta(seconds=30)


@dataclass(frozen=True)
class Wanted:
    """Whom staff want to invite; without an address they hand the link over themselves."""

    organisation: str
    email: str = field(default="", repr=False)
    language: str = "de"
    most: int = 2


@dataclass(frozen=True)
class Line:
    """One invitation as the list shows it; `people` come, while the registration stands."""

    invitation: InstitutionInvitation
    email: str = field(repr=False)
    people: int
    is_cancelled: bool


def add(conference: Conference, wanted: Wanted, *, by: StaffMember) -> InstitutionInvitation:
    """Put an institution on the list; nobody is told yet.

    Raises InstitutionNameMissing, InstitutionListed, TooManyInvited.
    """
    organisation = " ".join(wanted.organisation.split())
    if not organisation:
        raise InstitutionNameMissing
    if not 1 <= wanted.most <= registrations.LARGEST_HOUSEHOLD:
        raise TooManyInvited(most=registrations.LARGEST_HOUSEHOLD)
    with editing.writing(conference, quietly=True):
        listed = db.session.scalar(
            select(InstitutionInvitation.id).where(
                InstitutionInvitation.conference_id == conference.id,
                InstitutionInvitation.organisation == organisation,
            )
        )
        if listed is not None:
            raise InstitutionListed(organisation=organisation)
        invitation = InstitutionInvitation(
            host_id=conference.host_id,
            conference_id=conference.id,
            organisation=organisation,
            language=wanted.language,
            email=secrets.encrypt(wanted.email),
            most=wanted.most,
            link_nonce=random.token_hex(16),
            created_by_id=by.id,
        )
        db.session.add(invitation)
        db.session.flush()
    return invitation


def invite(invitation: InstitutionInvitation) -> None:
    """Send the link, or note that staff hand it over. Inviting again sends a new link and makes the earlier one void.

    Pressing twice sends one mail. Raises InvitationAnswered, NotFound.
    """
    with _held(invitation) as held:
        if held.state in ANSWERED:
            raise InvitationAnswered
        at = now()
        if held.invited_at is not None:
            if at - held.invited_at < _DOUBLE_CLICK:
                return
            held.link_nonce = random.token_hex(16)
        held.state, held.invited_at, held.reminded_at = InvitationState.INVITED, at, None
        db.session.flush()
        notices.institution_invitation(held, link_token(held))


def remind(invitation: InstitutionInvitation) -> bool:
    """Send the same link once more to somebody who has not answered; False where there is nothing to do.

    Pressing twice sends one mail. Raises InvitationAnswered, NotFound.
    """
    with _held(invitation) as held:
        if held.state in ANSWERED:
            raise InvitationAnswered
        return _remind(held)


def remind_all(conference: Conference) -> int:
    """The same for everybody with an address who has not answered; returns how many are reminded."""
    with editing.writing(conference, quietly=True) as conference:
        return sum(_remind(held) for held in to_remind(conference))


def to_remind(conference: Conference) -> list[InstitutionInvitation]:
    """Who was invited by mail and has not answered, by name."""
    return list(
        db.session.scalars(
            select(InstitutionInvitation)
            .where(
                InstitutionInvitation.conference_id == conference.id,
                InstitutionInvitation.state == InvitationState.INVITED,
                InstitutionInvitation.email != "",
            )
            .order_by(func.lower(InstitutionInvitation.organisation), InstitutionInvitation.id)
        )
    )


def remove(invitation: InstitutionInvitation) -> None:
    """Take an institution off the list; its link is void. Raises InvitationAnswered when it comes, NotFound."""
    with _held(invitation) as held:
        if held.state is InvitationState.ACCEPTED:
            raise InvitationAnswered
        db.session.delete(held)


def accept(
    invitation: InstitutionInvitation,
    details: registrations.Details,
    people: Sequence[registrations.Person],
    *,
    submission: str,
    **more: Any,
) -> tuple[Registration, str]:
    """Register the people of an institution; `more` is what `registrations.register` takes.

    The same form sent again returns the registration of the first time. Who declined before can still come.
    Raises InvitationAnswered, TooManyFromInstitution, NotFound and what registering refuses.
    """
    with _held(invitation) as held:
        if held.state is InvitationState.ACCEPTED:
            earlier = registrations.of_submission(held.conference, submission)
            if earlier is None or earlier[0].id != held.registration_id:
                raise InvitationAnswered
            return earlier
        if len(people) > held.most:
            raise TooManyFromInstitution(most=held.most)
        registration, code = registrations.register(
            held.conference, details, people, submission=submission, **more
        )
        held.registration_id = registration.id
        held.state, held.answered_at = InvitationState.ACCEPTED, now()
        db.session.flush()
    return registration, code


def decline(invitation: InstitutionInvitation) -> None:
    """Note that nobody comes; twice changes nothing. Raises InvitationAnswered for one that was accepted, NotFound."""
    with _held(invitation) as held:
        if held.state is InvitationState.ACCEPTED:
            raise InvitationAnswered
        if held.state is not InvitationState.DECLINED:
            held.state, held.answered_at = InvitationState.DECLINED, now()


def link_token(invitation: InstitutionInvitation) -> str:
    """The secret part of the reply link; derived, so that it stands nowhere."""
    mark = secrets.digest("invitation", f"{invitation.id}:{invitation.link_nonce}")[:40]
    return f"{invitation.id}-{mark}"


def by_link(conference: Conference, token: str) -> InstitutionInvitation:
    """The invitation a reply link opens. Raises NotFound when it is wrong or has become void."""
    number, _, _ = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound
    invitation = find(conference, int(number))
    if not hmac.compare_digest(link_token(invitation).encode(), token.encode()):
        raise NotFound
    return invitation


def find(conference: Conference, number: int) -> InstitutionInvitation:
    """The invitation with this id. Raises NotFound for one of another conference."""
    found = db.session.scalar(
        select(InstitutionInvitation).where(
            InstitutionInvitation.conference_id == conference.id, InstitutionInvitation.id == number
        )
    )
    if found is None:
        raise NotFound
    return found


def all_of(conference: Conference) -> list[Line]:
    """The list by name: two statements, however long it is."""
    rows = list(
        db.session.scalars(
            select(InstitutionInvitation)
            .where(InstitutionInvitation.conference_id == conference.id)
            .options(joinedload(InstitutionInvitation.registration))
            .order_by(func.lower(InstitutionInvitation.organisation), InstitutionInvitation.id)
        )
    )
    people = db.session.execute(
        select(Participant.registration_id, func.count())
        .join(InstitutionInvitation, InstitutionInvitation.registration_id == Participant.registration_id)
        .where(InstitutionInvitation.conference_id == conference.id)
        .group_by(Participant.registration_id)
    )
    counts: dict[int, int] = dict(iter(people))
    return [_line(row, counts) for row in rows]


def details(invitation: InstitutionInvitation, **given: Any) -> registrations.Details:
    """What is known of an institution before it says anything, with what it gave."""
    return registrations.Details(
        role_group=RoleGroup.INSTITUTION, organisation=invitation.organisation, **given
    )


def _remind(held: InstitutionInvitation) -> bool:
    last, at = held.reminded_at or held.invited_at, now()
    if held.state is not InvitationState.INVITED or not held.email or last is None:
        return False
    if at - last < _DOUBLE_CLICK:
        return False
    held.reminded_at = at
    db.session.flush()
    notices.institution_invitation(held, link_token(held), at.isoformat())
    return True


@contextmanager
def _held(invitation: InstitutionInvitation) -> Iterator[InstitutionInvitation]:
    """The invitation read again while nobody else writes to its conference."""
    number = invitation.id
    with editing.writing(invitation.conference, quietly=True) as conference:
        yield find(conference, number)


def _line(invitation: InstitutionInvitation, counts: dict[int, int]) -> Line:
    registration = invitation.registration
    is_live = registration is not None and registration.is_live
    return Line(
        invitation=invitation,
        email=secrets.decrypt(invitation.email),
        people=counts.get(invitation.registration_id or 0, 0) if is_live else 0,
        is_cancelled=registration is not None and not is_live,
    )
