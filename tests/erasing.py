"""A conference whose people are due to be forgotten, and what is left of them, for tests of retention."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import time_machine
from sqlalchemy import func, select

from app.database import db, now, transaction
from app.domain import (
    registrations,
    retention,
    support,
)
from app.models import (
    Conference,
    Consent,
    ConsentMethod,
    ConsentPurpose,
    ConsentText,
    ContactChannel,
    Edition,
    Message,
    MessageState,
    NeedKind,
    Registration,
    RegistrationEvent,
    Translated,
)
from tests import make

Person = registrations.Person
CHAIR = support.Wanted(NeedKind.WHEELCHAIR)


def conference() -> Conference:
    """Ends on 1 April 2026 at 18:00 UTC where the clock stands still, and asks for needs."""
    made = make.conference(make.host(key="neustadt"), key="zukunft")
    make.support_offers(made, NeedKind.WHEELCHAIR)
    return made


def add(*rows: Any) -> None:
    with transaction():
        db.session.add_all(rows)


def of(conference: Conference) -> dict[str, int]:
    return {"host_id": conference.host_id, "conference_id": conference.id}


def household(conference: Conference, *people: Person, name: str = "Amina Zwergotter") -> Registration:
    return make.household(
        conference,
        *(people or (Person(name="Zilpzalp", needs=[CHAIR]), Person(age=4))),
        display_name=name,
        organisation="Verein Kiebitz",
        contact_channel=ContactChannel.EMAIL,
        contact="amina@zwergotter.example",
    )


def agree(registration: Registration, purpose: ConsentPurpose) -> Consent:
    text = ConsentText(**of(registration.conference), purpose=purpose, words=Translated("Ja."))
    add(text)
    consent = Consent(
        **of(registration.conference),
        registration_id=registration.id,
        consent_text_id=text.id,
        method=ConsentMethod.WEB,
    )
    add(consent)
    return consent


def publish(conference: Conference) -> None:
    add(Edition(**of(conference), number=1, published_on=now().date(), snapshot={}, sha256="0" * 64))


def go(clock: time_machine.Traveller, conference: Conference, days: float) -> None:
    """To so many days after its end."""
    clock.move_to(conference.ends_at + timedelta(days=days))


def due(conference: Conference) -> dict[str, int]:
    return {entry.purpose: entry.count for entry in retention.due(conference.host, now())}


def run(conference: Conference) -> dict[str, int]:
    report = retention.run(conference.host, now()).report
    assert {line["conference"] for line in report} <= {conference.key}
    return {line["purpose"]: line["count"] for line in report}


def count(model: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def aggregates(conference: Conference) -> dict[str, Any]:
    """What statistics and reports are made of."""
    db.session.rollback()
    people = [
        (
            row.status,
            row.channel,
            row.role_group,
            row.language,
            row.created_at,
            [p.age for p in row.participants],
        )
        for row in db.session.scalars(select(Registration).order_by(Registration.id))
    ]
    seats = [
        (seat.group_round_id, seat.state, seat.ticket)
        for row in db.session.scalars(select(Registration).order_by(Registration.id))
        for person in row.participants
        for seat in person.seats
    ]
    counters = (conference.places_taken, conference.waiting, conference.last_ticket)
    groups = [(r.seats_taken, r.waiting) for group in conference.groups for r in group.rounds]
    sent = Counter(
        message.kind for message in db.session.scalars(select(Message).filter_by(state=MessageState.SENT))
    )
    return {"people": people, "seats": seats, "counters": counters, "groups": groups, "sent": sent}


def leads_nowhere(registration: Registration, code: str = "") -> bool:
    """No name, no address, no code, no link, nothing in its history, messages or people that says who it was."""
    db.session.rollback()
    number = registration.id
    events = db.session.scalars(select(RegistrationEvent).filter_by(registration_id=number))
    messages = db.session.scalars(select(Message).filter_by(registration_id=number))
    return not any(
        (
            registration.display_name,
            registration.organisation,
            registration.contact,
            registration.key,
            registration.submission_digest,
            registration.link_nonce,
            registration.created_by_id,
            registration.code_digest != f"erased:{number}",
            any(person.name for person in registration.participants),
            any(event.reason not in ("", "–") or event.by_id for event in events),
            any(message.recipient or message.payload or message.last_error for message in messages),
        )
    )
