"""What is due to be erased at an instant: for each rule of app.domain.retention the rows, with their conference.

`of` says at which conferences. Every statement finds nothing more once its rows have been erased.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select

from app.database import db
from app.domain import import_records, local_time
from app.domain.secrets import VaultLocked
from app.models import (
    Answer,
    Conference,
    ConferenceStatus,
    Consent,
    ConsentPurpose,
    ConsentText,
    Edition,
    ImportRecord,
    InstitutionInvitation,
    Message,
    MessageKind,
    Participant,
    Question,
    Registration,
    RegistrationEvent,
    RegistrationImport,
    RegistrationStatus,
    SupportNeed,
)
from app.models.registration import ENDED_STATUSES, PLACED_STATUSES

NEEDS_DAYS = 14
TABLE_DAYS = 1
NEVER_PLACED_DAYS = 30
MESSAGE_DAYS = 30
CONTACT_DAYS = 90
# Where nobody documents a conference, and how long a postponed one keeps its people for the new date.
LATEST_DAYS = 365
CONSENT_DAYS = 3 * 365

# Somebody who wants to hear from the host again.
LASTING = (ConsentPurpose.NEWSLETTER, ConsentPurpose.CONTACT_LATER)
# Begins the name of a message, and the digest of a code, that lead to nobody any more.
ERASED = "erased:"
# Stands for the reason of a decision against the rules, which never is without one.
ERASED_REASON = "–"

Rows = Select[Any, Any]


def needs(at: datetime, of: ColumnElement[bool]) -> Rows:
    """Support needs, also of those who do not come."""
    return (
        select(SupportNeed.conference_id, SupportNeed.id)
        .join(SupportNeed.participant)
        .join(Participant.registration)
        .join(Conference, Conference.id == SupportNeed.conference_id)
        .where(of, or_(_over(at, NEEDS_DAYS), Registration.status.in_(ENDED_STATUSES)))
    )


def need_messages(at: datetime, of: ColumnElement[bool]) -> Rows:
    """Messages that there is an answer about support: they go with the needs."""
    return (
        select(Message.conference_id, Message.id)
        .join(Conference, Conference.id == Message.conference_id)
        .outerjoin(Registration, Registration.id == Message.registration_id)
        .where(
            of,
            Message.kind == MessageKind.NEED_ANSWERED,
            or_(_over(at, NEEDS_DAYS), Registration.status.in_(ENDED_STATUSES)),
        )
    )


def answers(at: datetime, of: ColumnElement[bool]) -> Rows:
    """Answers to questions, each kept as long as its question says."""
    periods = db.session.scalars(select(Question.retention_days).distinct()).all()
    passed = or_(
        literal(False),
        *(and_(Question.retention_days == days, _over(at, days)) for days in sorted(periods)),
    )
    return (
        select(Answer.conference_id, Answer.id)
        .join(Answer.question)
        .join(Conference, Conference.id == Answer.conference_id)
        .where(of, passed)
    )


def tables(at: datetime, of: ColumnElement[bool]) -> Rows:
    """Uploaded tables that still hold rows."""
    return (
        select(RegistrationImport.conference_id, RegistrationImport.id)
        .join(Conference, Conference.id == RegistrationImport.conference_id)
        .where(
            of,
            RegistrationImport.rows != "",
            RegistrationImport.uploaded_at <= at - timedelta(days=TABLE_DAYS),
        )
    )


def never_placed(at: datetime, of: ColumnElement[bool]) -> Rows:
    """Registrations that have no place in the end and lead to somebody; not of those who want to hear of later ones."""
    passed = or_(
        _over(at, NEVER_PLACED_DAYS),
        and_(
            Registration.status == RegistrationStatus.CANCELLED,
            Registration.cancelled_at <= at - timedelta(days=NEVER_PLACED_DAYS),
        ),
    )
    return _registrations().where(
        of, Registration.status.not_in(PLACED_STATUSES), _leads_to_somebody(), passed, ~_wants_to_hear(at)
    )


def contacts(at: datetime, of: ColumnElement[bool]) -> Rows:
    """Registrations with a place that can still be reached."""
    return _registrations().where(
        of,
        Registration.status.in_(PLACED_STATUSES),
        Registration.contact != "",
        _documented(at),
        ~_wants_to_hear(at),
    )


def people(at: datetime, of: ColumnElement[bool]) -> Rows:
    """Registrations with a place that still lead to somebody, and no consent needs them as its proof."""
    kept = exists().where(Consent.registration_id == Registration.id, ~_proof_is_over(at))
    return _registrations().where(
        of, Registration.status.in_(PLACED_STATUSES), _leads_to_somebody(), _documented(at), ~kept
    )


def reasons(at: datetime, of: ColumnElement[bool]) -> Rows:
    """Lines of histories that say why, or who of the staff it was."""
    return (
        select(RegistrationEvent.conference_id, RegistrationEvent.id)
        .join(Conference, Conference.id == RegistrationEvent.conference_id)
        .where(
            of,
            or_(RegistrationEvent.reason.not_in(("", ERASED_REASON)), RegistrationEvent.by_id.is_not(None)),
            _documented(at),
        )
    )


def messages(at: datetime, of: ColumnElement[bool]) -> Rows:
    """Messages to registrations and institutions that still tell an address, or what went wrong with it."""
    return (
        select(Message.conference_id, Message.id)
        .join(Conference, Conference.id == Message.conference_id)
        .where(
            of,
            ~Message.idempotency_key.startswith(ERASED),
            # What was written just now is still on its way.
            Message.created_at <= at - timedelta(days=MESSAGE_DAYS),
            _documented(at),
        )
    )


def invitations(at: datetime, of: ColumnElement[bool]) -> Rows:
    """Invited institutions with an address."""
    return (
        select(InstitutionInvitation.conference_id, InstitutionInvitation.id)
        .join(Conference, Conference.id == InstitutionInvitation.conference_id)
        .where(
            of,
            or_(InstitutionInvitation.email != "", InstitutionInvitation.registration_id.is_not(None)),
            _documented(at),
        )
    )


def consents(at: datetime, of: ColumnElement[bool]) -> Rows:
    """Consents whose proof nobody needs any more."""
    return (
        select(Consent.conference_id, Consent.id)
        .join(Conference, Conference.id == Consent.conference_id)
        .where(of, _proof_is_over(at))
    )


def files_with_needs(at: datetime, of: ColumnElement[bool]) -> Rows:
    """What is remembered of a file where it names needs."""
    return _files(of, _over(at, NEEDS_DAYS), import_records.tells_needs)


def files_with_registrations(at: datetime, of: ColumnElement[bool]) -> Rows:
    """What is remembered of a file where it says anything about registrations."""
    return _files(of, _documented(at), import_records.tells_registrations)


def _files(of: ColumnElement[bool], passed: ColumnElement[bool], tells: Any) -> Rows:
    # It stands encrypted as a whole: only whoever opens it knows what is in it.
    records = db.session.execute(
        select(ImportRecord.id, ImportRecord.kept)
        .join(Conference, Conference.id == ImportRecord.conference_id)
        .where(of, ImportRecord.kept != "", passed)
    )
    found = [record_id for record_id, kept in records if _tells(kept, tells)]
    return select(ImportRecord.conference_id, ImportRecord.id).where(ImportRecord.id.in_(found))


def _tells(kept: str, tells: Any) -> bool:
    try:
        return bool(tells(import_records.opened(kept)))
    except VaultLocked:
        # Nobody can read it, so nobody can take anything out of it.
        return False


def _registrations() -> Rows:
    return select(Registration.conference_id, Registration.id).join(Registration.conference)


def is_over(conference: Conference, at: datetime, days: int) -> bool:
    """Whether `conference` ended so many days ago, as the rules count them."""
    return _holds(conference, _over(at, days))


def is_documented(conference: Conference, at: datetime) -> bool:
    """Whether the people of `conference` are due to be erased: its time is over."""
    return _holds(conference, _documented(at))


def _holds(conference: Conference, condition: ColumnElement[bool]) -> bool:
    found = select(Conference.id).where(Conference.id == conference.id, condition)
    return db.session.scalar(found) is not None


def _over(at: datetime, days: int) -> ColumnElement[bool]:
    """The conference ended so many days ago; one that is postponed keeps its people a year for the new date."""
    ended = Conference.ends_at <= at - timedelta(days=days)
    return or_(
        and_(Conference.status != ConferenceStatus.POSTPONED, ended),
        Conference.ends_at <= at - timedelta(days=days + LATEST_DAYS),
    )


def _documented(at: datetime) -> ColumnElement[bool]:
    """Its first edition has been out for three months; a cancelled one has none, and nothing waits for ever."""
    published = (
        select(func.min(Edition.published_on))
        .where(Edition.conference_id == Conference.id)
        .correlate(Conference)
        .scalar_subquery()
    )
    day = local_time.day_of(at - timedelta(days=CONTACT_DAYS))
    return or_(
        and_(
            _over(at, CONTACT_DAYS),
            or_(published <= day, Conference.status == ConferenceStatus.CANCELLED),
        ),
        _over(at, LATEST_DAYS),
    )


def _leads_to_somebody() -> ColumnElement[bool]:
    return Registration.link_nonce != ""


def _wants_to_hear(at: datetime) -> ColumnElement[bool]:
    """Somebody of it has agreed to later messages and has not taken that back."""
    return exists().where(
        Consent.registration_id == Registration.id,
        Consent.withdrawn_at.is_(None),
        Consent.consent_text_id == ConsentText.id,
        ConsentText.purpose.in_(LASTING),
        ~_proof_is_over(at),
    )


def _proof_is_over(at: datetime) -> ColumnElement[bool]:
    before = at - timedelta(days=CONSENT_DAYS)
    return or_(
        # Not NULL by itself: the opposite is asked for as well.
        and_(Consent.withdrawn_at.is_not(None), Consent.withdrawn_at <= before),
        and_(Consent.withdrawn_at.is_(None), Conference.ends_at <= before, Consent.given_at <= before),
    )
