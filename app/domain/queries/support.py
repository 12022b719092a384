"""Who needs what: for those in charge, and under the code for oneself; what awaits an answer. Counts: support_sheet."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, select

from app.database import db
from app.domain import local_time, support
from app.domain.queries.support_sheet import Deadline, line_of
from app.models import (
    Conference,
    NeedKind,
    NeedState,
    Participant,
    Registration,
    RegistrationStatus,
    SupportNeed,
    SupportOffer,
)
from app.models.registration import ENDED_STATUSES, PLACED_STATUSES

PER_PAGE = 50


@dataclass(frozen=True)
class Need:
    """One need of one person."""

    id: int
    wanted: support.Wanted
    state: NeedState
    answered_at: datetime | None


@dataclass(frozen=True)
class PersonNeeds:
    """What one person of a household needs."""

    position: int
    name: str
    age: int | None
    needs: list[Need]


@dataclass(frozen=True)
class HouseholdNeeds:
    """A registration whose people need something."""

    id: int
    name: str
    organisation: str
    status: RegistrationStatus
    people: list[PersonNeeds]


@dataclass(frozen=True)
class Households:
    """A page of them."""

    entries: list[HouseholdNeeds]
    found: int
    page: int
    pages: int


def households(
    conference: Conference, *, kind: NeedKind | None = None, state: NeedState | None = None, page: int = 1
) -> Households:
    """Who needs what, by household; only for those in charge. Two statements. Raises VaultLocked.

    `kind` and `state` choose households that have such a need; all their needs are shown.
    """
    found: dict[int, dict[int, list[Need]]] = defaultdict(lambda: defaultdict(list))
    rows = db.session.execute(
        select(
            Participant.registration_id,
            Participant.id,
            SupportNeed.id,
            SupportNeed.content,
            SupportNeed.state,
            SupportNeed.answered_at,
        )
        .join(SupportNeed.participant)
        .join(Participant.registration)
        .where(SupportNeed.conference_id == conference.id, Registration.status.not_in(ENDED_STATUSES))
        .order_by(Participant.registration_id, Participant.position, SupportNeed.id)
    )
    for registration_id, participant_id, need_id, content, need_state, answered_at in rows:
        need = Need(need_id, support.opened(content), need_state, answered_at)
        found[registration_id][participant_id].append(need)
    chosen = [
        registration_id
        for registration_id, people in found.items()
        if any(
            (kind is None or need.wanted.kind is kind) and (state is None or need.state is state)
            for needs in people.values()
            for need in needs
        )
    ]
    pages = max(1, math.ceil(len(chosen) / PER_PAGE))
    page = min(max(1, page), pages)
    wanted = chosen[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Households(_entries(wanted, found), len(chosen), page, pages)


def of_registration(registration: Registration) -> list[PersonNeeds]:
    """What the people of `registration` need, and what was answered; nobody without a need. Raises VaultLocked."""
    rows = db.session.execute(
        select(Participant, SupportNeed)
        .join(SupportNeed.participant)
        .where(Participant.registration_id == registration.id)
        .order_by(Participant.position, SupportNeed.id)
    )
    people: dict[int, PersonNeeds] = {}
    for person, row in rows:
        held = people.setdefault(person.id, PersonNeeds(person.position, person.name, person.age, []))
        held.needs.append(Need(row.id, support.read(row), row.state, row.answered_at))
    return list(people.values())


@dataclass(frozen=True)
class Reminder:
    """The next day to order something by, and how many needs of the conference nobody has answered."""

    kind: NeedKind
    order_by: date
    is_passed: bool
    unanswered: int


def reminders(conference_ids: list[int], at: datetime) -> dict[int, Reminder]:
    """By conference, where such a day is near or has passed while needs are unanswered: two statements.

    Which needs these are is not looked at.
    """
    today = local_time.day_of(at)
    unanswered = dict(
        db.session.execute(
            select(SupportNeed.conference_id, func.count())
            .join(SupportNeed.participant)
            .join(Participant.registration)
            .where(
                SupportNeed.conference_id.in_(conference_ids),
                SupportNeed.state == NeedState.OPEN,
                Registration.status.in_(PLACED_STATUSES),
            )
            .group_by(SupportNeed.conference_id)
        ).all()
    )
    near = db.session.scalars(
        select(SupportOffer)
        .where(
            SupportOffer.conference_id.in_(conference_ids),
            SupportOffer.order_by.is_not(None),
            exists().where(SupportNeed.conference_id == SupportOffer.conference_id),
        )
        .order_by(SupportOffer.conference_id, SupportOffer.order_by, SupportOffer.id)
    )
    found: dict[int, Reminder] = {}
    for offer in near:
        line = line_of(offer.kind, offer.order_by, today)
        if offer.order_by is None or line.deadline not in (Deadline.NEAR, Deadline.PASSED):
            continue
        if offer.conference_id in unanswered and offer.conference_id not in found:
            found[offer.conference_id] = Reminder(
                offer.kind,
                offer.order_by,
                line.deadline is Deadline.PASSED,
                unanswered[offer.conference_id],
            )
    return found


def _entries(wanted: list[int], found: dict[int, dict[int, list[Need]]]) -> list[HouseholdNeeds]:
    entries: dict[int, HouseholdNeeds] = {}
    rows = db.session.execute(
        select(
            Registration.id,
            Registration.display_name,
            Registration.organisation,
            Registration.status,
            Participant.id,
            Participant.position,
            Participant.name,
            Participant.age,
        )
        .join(Participant.registration)
        .where(Registration.id.in_(wanted))
        .order_by(Registration.id, Participant.position)
    )
    for registration_id, name, organisation, status, participant_id, position, own_name, age in rows:
        entry = entries.setdefault(
            registration_id, HouseholdNeeds(registration_id, name, organisation, status, [])
        )
        if needs := found[registration_id].get(participant_id):
            entry.people.append(PersonNeeds(position, own_name, age, needs))
    return list(entries.values())
