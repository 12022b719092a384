"""The registration form of a conference, and what its people need, agreed to and wish, gathered into a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from app.database import db
from app.domain import consents, local_time, questionnaire, support, support_offers
from app.domain.importing import plan_form
from app.domain.importing.plans import Entry, FormPlan, RegistrationPlan
from app.models import (
    Conference,
    Consent,
    ConsentText,
    Participant,
    Question,
    Registration,
    SupportNeed,
    Translated,
    Wish,
)

_PLAIN = ("kind", "label", "help", "is_required", "is_on", "least", "most", "retention_days", "position")


def gather(conference: Conference) -> FormPlan:
    """Own questions in their order, the last words of every consent, and the support that is offered."""
    questions = questionnaire.all_of(conference)
    known = {question.id: question for question in questions}
    offers = support_offers.all_of(conference)
    return FormPlan(
        questions=[_question(index, question, known) for index, question in enumerate(questions)],
        consents=[
            Entry(
                plan_form.NAMES[purpose],
                index,
                {"words": text.words, "version": text.version, "is_asked": text.is_current},
            )
            for index, (purpose, text) in enumerate(consents.latest(conference).items())
        ],
        support=[
            Entry(offer.kind.value, index, {"order_by": offer.order_by, "note": offer.note})
            for index, offer in enumerate(offers)
        ],
    )


def _question(index: int, question: Question, known: Mapping[int, Question]) -> Entry:
    values = {name: getattr(question, name) for name in _PLAIN}
    values["options"] = [dict(option["label"]) for option in question.options]
    values["shown_if"] = None
    if question.shown_if_id is not None:
        other = known[question.shown_if_id]
        words = {option["key"]: str(Translated(option["label"])) for option in other.options}
        values["shown_if"] = [other.key, [words[key] for key in question.shown_if_options if key in words]]
    return Entry(question.key, index, values)


def add_people(
    conference: Conference, plans: list[RegistrationPlan], rows: list[Registration]
) -> list[RegistrationPlan]:
    """`plans` of the registrations `rows` with wishes, and with needs and consents of those that came from a file.

    What people told the application of their needs is not in a file. Raises VaultLocked.
    """
    needs = _needs(conference)
    given = _consents(conference)
    wishes = _wishes(conference)
    found = []
    for plan, row in zip(plans, rows, strict=True):
        from_file = row.key is not None
        found.append(
            replace(
                plan,
                needs=needs.get(row.id) if from_file else None,
                consents=given.get(row.id) if from_file else None,
                wishes=wishes.get(row.id),
            )
        )
    return found


def _needs(conference: Conference) -> dict[int, list[tuple[str, str]]]:
    rows = db.session.execute(
        select(Participant.registration_id, SupportNeed.content)
        .join(Participant, SupportNeed.participant_id == Participant.id)
        .join(Registration, Participant.registration_id == Registration.id)
        .where(SupportNeed.conference_id == conference.id, Registration.key.is_not(None))
        .order_by(Participant.registration_id, Participant.position, SupportNeed.id)
    )
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for registration_id, content in rows:
        need = support.opened(content)
        if (need.kind.value, need.detail) not in found[registration_id]:
            found[registration_id].append((need.kind.value, need.detail))
    return found


def _consents(conference: Conference) -> dict[int, dict[str, date | None]]:
    rows = db.session.execute(
        select(Consent.registration_id, ConsentText.purpose, Consent.withdrawn_at)
        .join(ConsentText, Consent.consent_text_id == ConsentText.id)
        .where(Consent.conference_id == conference.id)
        .order_by(Consent.given_at, Consent.id)
    )
    found: defaultdict[int, dict[str, date | None]] = defaultdict(dict)
    for registration_id, purpose, withdrawn_at in rows:
        # The last one says whether it stands.
        day = local_time.day_of(withdrawn_at) if withdrawn_at else None
        found[registration_id][plan_form.NAMES[purpose]] = day
    return found


def _wishes(conference: Conference) -> dict[int, dict[int, list[str]]]:
    groups = {group_round.id: group.key for group in conference.groups for group_round in group.rounds}
    rows = db.session.execute(
        select(Participant.registration_id, Wish.round_number, Wish.group_round_id)
        .join(Participant, Wish.participant_id == Participant.id)
        .where(Wish.conference_id == conference.id)
        .order_by(Participant.registration_id, Participant.position, Wish.round_number, Wish.rank)
    )
    found: defaultdict[int, dict[int, list[str]]] = defaultdict(dict)
    for registration_id, number, group_round_id in rows:
        wished: list[Any] = found[registration_id].setdefault(number, [])
        # People of one household who wish otherwise are written with the wishes of the first of them.
        if groups[group_round_id] not in wished and len(wished) < 3:
            wished.append(groups[group_round_id])
    return found
