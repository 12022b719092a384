"""What a crowd does while tables of registrations are confirmed; tests.race.crowd finds these by name."""

from __future__ import annotations

from sqlalchemy import select

from app.database import db
from app.domain import imported_registrations, registration_imports, registrations
from app.domain.errors import VerdictsChanged
from app.models import Conference, Registration, RegistrationImport, RoleGroup


def take_table_or_register(conference_id: int, person: int) -> str:
    """Confirm the uploaded table with this number; who has no number of a table registers by the web."""
    conference = db.session.get_one(Conference, conference_id)
    if person < 0:
        registration, _code = registrations.register(
            conference,
            registrations.Details(role_group=RoleGroup.RESIDENT),
            [registrations.Person()],
            submission=f"person {person}",
        )
        return registration.status.value
    stored = db.session.get_one(RegistrationImport, person)
    while not registration_imports.is_confirmed(stored):
        shown = registration_imports.judged(conference, stored).seen
        try:
            registration_imports.confirm(conference, stored, seen=shown)
        except VerdictsChanged:
            # Staff look again and press once more.
            db.session.rollback()
        stored = db.session.get_one(RegistrationImport, person)
    registration_imports.carry_on(stored)
    mark = registrations.submission_digest(conference_id, imported_registrations.submission(person, 2))
    return (
        db.session.scalars(select(Registration.status).where(Registration.submission_digest == mark))
        .one()
        .value
    )
