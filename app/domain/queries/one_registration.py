"""One registration as staff read it: its answers, consents and history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.database import db
from app.domain import questions
from app.models import Consent, EventKind, Question, Registration, RegistrationEvent, StaffMember


@dataclass(frozen=True)
class Line:
    """What happened, when, why and through whom; `by` is empty where the person or the product did it."""

    kind: EventKind
    at: datetime
    subject: str
    reason: str
    by: str


def history(registration: Registration) -> list[Line]:
    """What happened to the registration, the newest first: one statement."""
    rows = db.session.execute(
        select(
            RegistrationEvent.kind,
            RegistrationEvent.at,
            RegistrationEvent.subject,
            RegistrationEvent.reason,
            StaffMember.name,
            StaffMember.email,
        )
        .outerjoin(StaffMember, RegistrationEvent.by_id == StaffMember.id)
        .where(RegistrationEvent.registration_id == registration.id)
        .order_by(RegistrationEvent.at.desc(), RegistrationEvent.id.desc())
    )
    return [
        Line(kind, at, subject, reason, name or email or "")
        for kind, at, subject, reason, name, email in rows
    ]


def answers(registration: Registration) -> list[tuple[Question, Any]]:
    """Each question that was answered with its answer, in the order of the form, also those that are off by now: two
    statements. Raises VaultLocked."""
    given = questions.answers_of(registration)
    asked = db.session.scalars(
        select(Question)
        .where(Question.conference_id == registration.conference_id, Question.id.in_(given))
        .order_by(Question.position)
    )
    return [(question, given[question.id]) for question in asked]


def consents(registration: Registration) -> list[tuple[Consent, str]]:
    """All consents, also withdrawn ones, oldest first, each with the name of who noted it: one statement."""
    rows = db.session.execute(
        select(Consent, StaffMember.name, StaffMember.email)
        .join(Consent.consent_text)
        .outerjoin(StaffMember, Consent.noted_by_id == StaffMember.id)
        .where(Consent.registration_id == registration.id)
        .order_by(Consent.given_at, Consent.id)
        .options(contains_eager(Consent.consent_text))
    )
    return [(consent, name or email or "") for consent, name, email in rows]
