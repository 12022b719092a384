"""How what is due is erased, inside the caller's transaction: personal data go, places and counts stay."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Executable, String, case, cast, delete, literal, select, update

from app.database import db
from app.domain import import_records
from app.domain.retention_due import ERASED, ERASED_REASON
from app.models import (
    AllocationPlace,
    Answer,
    Consent,
    ContactChannel,
    EventKind,
    ImportRecord,
    InstitutionInvitation,
    Message,
    MessageState,
    Participant,
    Registration,
    RegistrationEvent,
    RegistrationImport,
    SupportNeed,
)


def needs(ids: Sequence[int]) -> None:
    """These support needs."""
    _do(delete(SupportNeed).where(SupportNeed.id.in_(ids)))


def need_messages(ids: Sequence[int]) -> None:
    """These messages, sent or not: that there was one says that there was a need."""
    _do(delete(Message).where(Message.id.in_(ids)))


def answers(ids: Sequence[int]) -> None:
    """These answers."""
    _do(delete(Answer).where(Answer.id.in_(ids)))


def tables(ids: Sequence[int]) -> None:
    """The rows of these uploaded tables; that they were uploaded stays."""
    _do(update(RegistrationImport).where(RegistrationImport.id.in_(ids)).values(rows=""))


def consents(ids: Sequence[int]) -> None:
    """These consents; the words that were agreed to stay."""
    _do(delete(Consent).where(Consent.id.in_(ids)))


def contacts(ids: Sequence[int]) -> None:
    """The addresses of these registrations."""
    _do(
        update(Registration)
        .where(Registration.id.in_(ids))
        .values(contact_channel=ContactChannel.NONE, contact="")
    )


def reasons(ids: Sequence[int]) -> None:
    """Why and by whom, in these lines of histories; what happened stays."""
    _erase_reasons(RegistrationEvent.id.in_(ids))


def invitations(ids: Sequence[int]) -> None:
    """Addresses and links of these invitations; that the institution was asked, and what it said, stays."""
    _do(
        update(InstitutionInvitation)
        .where(InstitutionInvitation.id.in_(ids))
        .values(email="", link_nonce="", registration_id=None, created_by_id=None)
    )


def messages(ids: Sequence[int]) -> None:
    """What these messages tell of people; those nobody has got go altogether, as they can no longer be sent."""
    _strip_messages(Message.id.in_(ids))


def people(ids: Sequence[int]) -> None:
    """All that leads from these registrations to somebody. Place, role, language, ages and seats stay as counts."""
    _strip_messages(Message.registration_id.in_(ids))
    _do(
        update(Registration)
        .where(Registration.id.in_(ids))
        .values(
            key=None,
            display_name="",
            organisation="",
            contact_channel=ContactChannel.NONE,
            contact="",
            # Unique, and the digest of no code.
            code_digest=literal(ERASED) + cast(Registration.id, String),
            submission_digest=None,
            link_nonce="",
            created_by_id=None,
        )
    )
    of_them = select(Participant.id).where(Participant.registration_id.in_(ids))
    _do(update(AllocationPlace).where(AllocationPlace.participant_id.in_(of_them)).values(reason=""))
    _erase_reasons(RegistrationEvent.registration_id.in_(ids))
    _do(
        update(InstitutionInvitation)
        .where(InstitutionInvitation.registration_id.in_(ids))
        .values(registration_id=None)
    )
    _do(update(Participant).where(Participant.registration_id.in_(ids)).values(name=""))


def people_without_a_place(ids: Sequence[int]) -> None:
    """The same for those who never had a place: what they needed, answered and agreed to goes with them."""
    of_them = select(Participant.id).where(Participant.registration_id.in_(ids))
    _do(delete(SupportNeed).where(SupportNeed.participant_id.in_(of_them)))
    _do(delete(Answer).where(Answer.registration_id.in_(ids)))
    _do(delete(Consent).where(Consent.registration_id.in_(ids)))
    people(ids)


def needs_of_files(ids: Sequence[int]) -> None:
    """The needs that stood in these files."""
    for record in _records(ids):
        import_records.forget_needs(record)


def registrations_of_files(ids: Sequence[int]) -> None:
    """All that stood about registrations in these files."""
    for record in _records(ids):
        import_records.forget_registrations(record)


def _records(ids: Sequence[int]) -> list[ImportRecord]:
    return list(db.session.scalars(select(ImportRecord).where(ImportRecord.id.in_(ids))))


def _erase_reasons(which: ColumnElement[bool]) -> None:
    overridden = RegistrationEvent.kind == EventKind.OVERRIDDEN
    _do(
        update(RegistrationEvent)
        .where(which)
        .values(reason=case((overridden, ERASED_REASON), else_=""), by_id=None)
    )


def _strip_messages(which: ColumnElement[bool]) -> None:
    never_sent = Message.state.not_in((MessageState.SENT, MessageState.NEEDLESS))
    _do(delete(Message).where(which, never_sent))
    _do(
        update(Message)
        .where(which)
        .values(
            recipient="",
            payload="",
            last_error="",
            # It held a digest of the address.
            idempotency_key=literal(ERASED) + cast(Message.id, String),
        )
    )


def _do(statement: Executable) -> None:
    # What is loaded is read again by whoever looks: the caller's transaction ends with its commit.
    db.session.execute(statement, execution_options={"synchronize_session": False})
