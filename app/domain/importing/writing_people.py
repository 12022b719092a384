"""Writing what a file says of the people of a registration: what they need, agreed to and wish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app.database import db
from app.domain import consents, history, support, support_offers
from app.domain.importing import plan_form, times
from app.domain.importing.ledger import Ledger
from app.domain.importing.plan_people import MOST_WISHES
from app.domain.importing.plans import RegistrationPlan
from app.domain.support import Wanted
from app.models import (
    Conference,
    Consent,
    ConsentMethod,
    EventKind,
    GroupRound,
    NeedKind,
    Participant,
    Registration,
    RegistrationChannel,
    SupportNeed,
    Wish,
)

_METHODS = {RegistrationChannel.WEB: ConsentMethod.WEB, RegistrationChannel.PAPER: ConsentMethod.PAPER}
FIELDS = ("needs", "consents", "wishes")


def values(plan: RegistrationPlan) -> dict[str, Any]:
    """What the file says of them, ready to be compared with what it said before."""
    found: dict[str, Any] = {}
    if plan.needs is not None:
        found["needs"] = [list(need) for need in plan.needs]
    if plan.consents is not None:
        found["consents"] = plan.consents
    if plan.wishes is not None:
        found["wishes"] = {str(number): keys for number, keys in plan.wishes.items()}
    return found


class People:
    """Needs, consents and wishes of one conference, when its form, its groups and its people are written."""

    def __init__(self, ledger: Ledger, conference: Conference) -> None:
        self._ledger = ledger
        self._conference = conference
        self._texts = consents.latest(conference)
        self._offered = {offer.kind for offer in support_offers.all_of(conference)}
        self._rounds = {
            (group.key, group_round.number): group_round
            for group in conference.groups
            for group_round in group.rounds
        }

    def write(self, registration: Registration, plan: RegistrationPlan, changed: Mapping[str, Any]) -> None:
        """Write what the file says anew; `changed` are the fields in which it differs from the last import."""
        # What is erased in time is no longer named, and that is no reason to touch anything.
        if "needs" in changed and not self._ledger.plan.forgets_needs:
            self._needs(registration, plan)
        if "consents" in changed:
            self._consents(registration, plan)
        if "wishes" in changed and registration.is_live:
            self._wishes(registration, plan)

    def _needs(self, registration: Registration, plan: RegistrationPlan) -> None:
        wanted = [Wanted(NeedKind(kind), detail) for kind, detail in plan.needs or ()]
        missing = sorted({need.kind.value for need in wanted if need.kind not in self._offered})
        if missing:
            self._ledger.report.note(
                f"Unterstützung, nach der das Formular nicht fragt ({', '.join(missing)}), steht bei {plan.key} und "
                "ist nur aufgehoben."
            )
        wanted = [need for need in wanted if need.kind in self._offered]
        ids = [person.id for person in registration.participants]
        rows = db.session.scalars(select(SupportNeed).where(SupportNeed.participant_id.in_(ids)))
        if {support.read(row) for row in rows} == set(wanted):
            # The file does not say which of the people it is.
            return
        for person in registration.participants[1:]:
            support.save(person, [])
        support.save(registration.participants[0], wanted)

    def _consents(self, registration: Registration, plan: RegistrationPlan) -> None:
        """What is agreed to, as proof; what was withdrawn in the application stays withdrawn."""
        rows = db.session.scalars(
            select(Consent)
            .join(Consent.consent_text)
            .where(Consent.registration_id == registration.id)
            .order_by(Consent.id)
        )
        held = {plan_form.NAMES[row.consent_text.purpose]: row for row in rows}
        wanted = plan.consents or {}
        for key, day in wanted.items():
            consent, text = held.get(key), self._texts.get(plan_form.PURPOSES[key])
            if consent is None and text is None:
                self._ledger.report.note(
                    f"Zur Einwilligung {key} nennt die Datei keinen Text. Sie ist nur aufgehoben."
                )
                continue
            if consent is None and text is not None:
                consent = Consent(
                    host_id=registration.host_id,
                    conference_id=registration.conference_id,
                    registration_id=registration.id,
                    consent_text_id=text.id,
                    language=registration.language if registration.language in text.words else "de",
                    method=_METHODS.get(registration.channel, ConsentMethod.ORAL),
                    given_at=self._given_at(),
                )
                db.session.add(consent)
            if consent is not None and day is not None and consent.withdrawn_at is None:
                self._withdraw(registration, consent, max(times.opens(day), consent.given_at), key)
        for key, consent in held.items():
            if key not in wanted and consent.withdrawn_at is None and self._said_before(plan):
                self._withdraw(registration, consent, self._ledger.at, key)
        db.session.flush()

    def _withdraw(self, registration: Registration, consent: Consent, at: datetime, key: str) -> None:
        consent.withdrawn_at = at
        event = history.note(registration, EventKind.CONSENT_WITHDRAWN, subject=plan_form.PURPOSES[key].value)
        event.at = at

    def _given_at(self) -> datetime:
        """At the latest when the conference began: a file does not say when."""
        return min(self._ledger.at, self._conference.starts_at)

    def _said_before(self, plan: RegistrationPlan) -> bool:
        return "consents" in self._ledger.before.get(f"registration/{plan.key}", {})

    def _wishes(self, registration: Registration, plan: RegistrationPlan) -> None:
        ids = [person.id for person in registration.participants]
        stored: dict[int, list[int]] = {}
        for wish in db.session.scalars(
            select(Wish)
            .join(Wish.participant)
            .where(Wish.participant_id.in_(ids))
            .order_by(Participant.position, Wish.round_number, Wish.rank)
        ):
            wished = stored.setdefault(wish.round_number, [])
            if wish.group_round_id not in wished and len(wished) < MOST_WISHES:
                wished.append(wish.group_round_id)
        wanted = {
            number: [group_round.id for group_round in self._known(number, keys)]
            for number, keys in (plan.wishes or {}).items()
        }
        if stored == wanted:
            # The file does not say who of them wishes otherwise.
            return
        db.session.execute(delete(Wish).where(Wish.participant_id.in_(ids)))
        for person in registration.participants:
            for number, keys in (plan.wishes or {}).items():
                for rank, group_round in enumerate(self._known(number, keys), 1):
                    db.session.add(
                        Wish(
                            host_id=person.host_id,
                            conference_id=person.conference_id,
                            participant_id=person.id,
                            group_round_id=group_round.id,
                            round_number=number,
                            rank=rank,
                        )
                    )
        db.session.flush()

    def _known(self, number: int, keys: list[str]) -> list[GroupRound]:
        return [self._rounds[key, number] for key in keys if (key, number) in self._rounds]
