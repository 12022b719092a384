"""Writing the registrations of a file."""

from __future__ import annotations

import secrets as random
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.database import db
from app.domain import codes, import_records, retention_due, secrets
from app.domain.importing import writing_people
from app.domain.importing.ledger import Ledger
from app.domain.importing.places import Places
from app.domain.importing.plans import RegistrationPlan
from app.models import Conference, Message, Participant, Registration, RegistrationStatus

WHAT = "Anmeldungen"


class Registrations:
    """The registrations of one conference; those a file does not name are never touched."""

    def __init__(self, ledger: Ledger, conference: Conference, places: Places) -> None:
        self._ledger = ledger
        self._conference = conference
        self._places = places
        self._rows = {
            import_records.name_of(row): row
            for row in db.session.scalars(
                select(Registration)
                .where(Registration.conference_id == conference.id)
                .options(selectinload(Registration.participants).selectinload(Participant.seats))
            )
        }
        self._to_fill: list[tuple[RegistrationPlan, Registration]] = []
        self._waiting: list[tuple[RegistrationPlan, Registration]] = []
        self._is_queue_changed = False
        self._to_say: list[tuple[RegistrationPlan, Registration, Mapping[str, Any]]] = []
        self._last_ticket = conference.last_ticket
        self.new = 0

    def write(self) -> None:
        """Make and change registrations; those who lose a place have lost it, nobody has got one yet."""
        ledger = self._ledger
        at = ledger.at
        is_anybody_erased = any(not registration.link_nonce for registration in self._rows.values())
        if is_anybody_erased and retention_due.is_documented(self._conference, at):
            # The record has forgotten them too: the file would bring them back, beside the places they had.
            ledger.report.note("Anmeldungen dieser Konferenz sind fristgerecht gelöscht und bleiben es.")
            return
        is_over = retention_due.is_over(self._conference, at, retention_due.NEVER_PLACED_DAYS)
        for plan in self._in_order():
            entity = f"registration/{plan.key}"
            places = [
                plan.is_live,
                plan.party_size,
                [[number, *place] for number, place in plan.places.items()],
            ]
            queue = plan.queue_position if plan.waits else None
            values = {**plan.values, "places": places, "queue": queue, **writing_people.values(plan)}
            if plan.contact:
                values["contact"] = [*plan.contact]
            changed = ledger.changes(entity, values)
            registration = self._rows.get(plan.key)
            if registration is None and ledger.knows(entity) and not changed:
                ledger.report.note(f"Die Anmeldung {plan.key} wurde in der Anwendung entfernt und bleibt es.")
                continue
            if registration is None:
                is_erased = ledger.knows(entity) and (is_over or not plan.is_live)
            else:
                is_erased = not registration.link_nonce
            if is_erased:
                # Somebody without a place, whose time is over although that of the others is not.
                ledger.report.note(f"Die Anmeldung {plan.key} ist fristgerecht gelöscht und bleibt es.")
                continue
            ledger.count(WHAT, is_new=registration is None, is_changed=bool(changed))
            self._is_queue_changed |= "queue" in changed or "places" in changed
            if registration is None:
                registration = self._make(plan)
                self._to_fill.append((plan, registration))
                self.new += 1
            elif changed:
                self._change(registration, plan, changed)
            if changed:
                self._to_say.append((plan, registration, changed))
            if plan.waits:
                self._waiting.append((plan, registration))
        for key in ledger.vanished("registration/"):
            registration = self._rows.get(key)
            # One that was made in the application stays, also when a file has named it once.
            if registration is not None and registration.key is not None:
                self._remove(registration)
        ledger.stop_if_refused()
        db.session.flush()

    def fill(self) -> None:
        """Give the places."""
        for plan, registration in self._to_fill:
            self._places.fill(registration, plan)
        self._ledger.stop_if_refused()
        db.session.flush()
        if self._is_queue_changed:
            self._places.sort_queues(self._waiting)
        people = writing_people.People(self._ledger, self._conference)
        for plan, registration, changed in self._to_say:
            people.write(registration, plan, changed)

    def _in_order(self) -> list[RegistrationPlan]:
        """As the file says, but those in the queue of the conference by their places there: so they draw tickets."""
        return sorted(self._ledger.plan.registrations, key=lambda plan: plan.conference_queue or 0)

    def _make(self, plan: RegistrationPlan) -> Registration:
        registration = Registration(
            host_id=self._conference.host_id,
            conference_id=self._conference.id,
            key=plan.key,
            # A code nobody knows: what stands in a file is too short to be a secret.
            code_digest=codes.digest(codes.new_code()),
            link_nonce=random.token_hex(16),
            created_at=self._ledger.at,
        )
        db.session.add(registration)
        self._set(registration, plan, {**plan.values, "contact": plan.contact})
        return registration

    def _set(self, registration: Registration, plan: RegistrationPlan, changed: Mapping[str, Any]) -> None:
        for name in plan.values:
            if name in changed and not (name == "status" and _says_the_same(registration, plan)):
                setattr(registration, name, changed[name])
        if registration.status is not RegistrationStatus.OFFERED:
            registration.offered_at = registration.offer_expires_at = None
        if registration.status is RegistrationStatus.WAITLISTED and registration.ticket is None:
            self._last_ticket += 1
            registration.ticket = self._conference.last_ticket = self._last_ticket
        if "contact" in changed and plan.contact:
            channel, value = plan.contact
            registration.contact_channel, registration.contact = channel, secrets.encrypt(value)
        if registration.is_live:
            registration.cancelled_at = None
        elif registration.cancelled_at is None:
            registration.cancelled_at = self._ledger.at
        registration.changed_at = self._ledger.at

    def _change(self, registration: Registration, plan: RegistrationPlan, changed: Mapping[str, Any]) -> None:
        was_live = registration.is_live
        self._set(registration, plan, changed)
        if registration.is_live != plan.is_live:
            # Cancelled in the application since: the file has not said otherwise.
            self._ledger.report.note(
                f"Die Anmeldung {plan.key} wurde in der Anwendung abgesagt und bleibt es."
            )
        elif "places" in changed and (was_live or registration.is_live):
            self._places.clear_way(registration, plan)
            self._to_fill.append((plan, registration))

    def _remove(self, registration: Registration) -> None:
        since = self._ledger.imported_at
        stamps = [
            registration.changed_at,
            *(seat.changed_at for person in registration.participants for seat in person.seats),
        ]
        is_told = db.session.scalar(
            select(Message.id).where(Message.registration_id == registration.id).limit(1)
        )
        if since is None or max(stamps) > since or is_told is not None:
            expected = (
                f"die Anmeldung {registration.key}: In der Anwendung hat sich seither etwas daran geändert. "
                "Sagen Sie sie dort ab oder lassen Sie sie in der Datei stehen"
            )
            self._ledger.refuse(("registrations",), f"keine Anmeldung {registration.key}", expected)
            return
        if registration.status is not RegistrationStatus.CANCELLED:
            for person in registration.participants:
                for seat in person.live_seats:
                    self._places.give_up(seat)
        db.session.flush()
        db.session.delete(registration)
        self._ledger.report.count(WHAT, "entfernt")


def _says_the_same(registration: Registration, plan: RegistrationPlan) -> bool:
    """A file has no word for an offer, nor for one that has ended."""
    return (registration.status, plan.values["status"]) in (
        (RegistrationStatus.OFFERED, RegistrationStatus.WAITLISTED),
        (RegistrationStatus.LAPSED, RegistrationStatus.CANCELLED),
    )
