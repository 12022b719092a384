"""Consents: one by one, each with the version of the words that were shown; withdrawn with effect at once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import history, versions
from app.domain.errors import NotFound
from app.models import (
    Conference,
    Consent,
    ConsentMethod,
    ConsentPurpose,
    ConsentText,
    EventKind,
    Registration,
    StaffMember,
)


def asked(conference: Conference) -> list[ConsentText]:
    """The consents this conference asks for, in the order of their purposes."""
    found = db.session.scalars(
        select(ConsentText).where(
            ConsentText.conference_id == conference.id, ConsentText.is_current.is_(True)
        )
    )
    order = list(ConsentPurpose)
    return sorted(found, key=lambda text: order.index(text.purpose))


def give(
    registration: Registration,
    consent_text_ids: Collection[int],
    *,
    method: ConsentMethod,
    by: StaffMember | None = None,
) -> None:
    """Note that these are agreed to, within the open transaction; giving one twice changes nothing.

    Raises NotFound for words this conference does not ask for now.
    """
    texts = {text.id: text for text in asked(registration.conference)}
    if set(consent_text_ids) - set(texts):
        raise NotFound
    known = {consent.consent_text_id for consent in standing(registration)}
    for text_id in sorted(set(consent_text_ids) - known):
        db.session.add(
            Consent(
                host_id=registration.host_id,
                conference_id=registration.conference_id,
                registration_id=registration.id,
                consent_text_id=text_id,
                language=registration.language,
                method=method,
                noted_by_id=by.id if by else None,
            )
        )
    db.session.flush()


def withdraw(registration: Registration, purpose: ConsentPurpose, *, by: StaffMember | None = None) -> None:
    """End the consent to `purpose`, all versions of it, at once; doing it twice changes nothing."""
    with transaction():
        versions.raise_conference(registration.conference_id)
        found = [held for held in standing(registration) if held.consent_text.purpose is purpose]
        for consent in found:
            consent.withdrawn_at = now()
        if found:
            history.note(registration, EventKind.CONSENT_WITHDRAWN, subject=purpose.value, by=by)


def standing(registration: Registration) -> list[Consent]:
    """The consents of `registration` that hold now, oldest first."""
    return list(
        db.session.scalars(
            select(Consent)
            .join(Consent.consent_text)
            .where(Consent.registration_id == registration.id, Consent.withdrawn_at.is_(None))
            .order_by(Consent.given_at, Consent.id)
        )
    )
