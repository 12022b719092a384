"""Contributions as staff read them: what awaits a decision, one with its history, and what says much the same."""

from __future__ import annotations

import enum
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.database import db, now
from app.domain import local_time, search
from app.domain.queries.registrations import fold
from app.models import (
    UNDECIDED_STATUSES,
    Conference,
    Contribution,
    ContributionReport,
    ContributionStatus,
    ModerationDecision,
)

PER_PAGE = 50
# From this age on the start page warns.
LATE_AFTER_DAYS = 7
# How alike two texts must be to be shown side by side, from 0 to 1.
ALIKE = 0.17
MOST_ALIKE = 5


class Shelf(enum.Enum):
    """What one looks for: by status, or reported by readers."""

    UNDECIDED = "offen"
    REPORTED = "gemeldet"
    PUBLISHED = "veroeffentlicht"
    DUPLICATE = "gleich"
    REJECTED = "abgelehnt"
    FORWARDED = "weitergeleitet"
    WITHDRAWN = "zurueckgezogen"


_STATUSES = {
    Shelf.UNDECIDED: UNDECIDED_STATUSES,
    Shelf.PUBLISHED: (ContributionStatus.PUBLISHED,),
    Shelf.DUPLICATE: (ContributionStatus.DUPLICATE,),
    Shelf.REJECTED: (ContributionStatus.REJECTED,),
    Shelf.FORWARDED: (ContributionStatus.FORWARDED,),
    Shelf.WITHDRAWN: (ContributionStatus.WITHDRAWN,),
}


@dataclass(frozen=True)
class Line:
    """One contribution in the queue."""

    contribution: Contribution
    # Reports by readers nobody has looked at yet.
    reports: int
    days: int

    @property
    def is_late(self) -> bool:
        return self.contribution.is_undecided and self.days >= LATE_AFTER_DAYS


@dataclass(frozen=True)
class Queue:
    """A page of one shelf, and how many lie on each."""

    lines: list[Line]
    found: int
    page: int
    pages: int
    counts: dict[Shelf, int]
    # The day the oldest undecided one came in.
    oldest: date | None

    @property
    def oldest_days(self) -> int:
        return age(self.oldest) if self.oldest else 0


@dataclass(frozen=True)
class Alike:
    """A published contribution that shares words with another one, and how much, from 0 to 1."""

    number: int
    text: str
    language: str
    likeness: float


def age(day: date) -> int:
    """Days since `day`, as the calendar counts them."""
    return (local_time.day_of(now()) - day).days


def queue(conference: Conference, shelf: Shelf = Shelf.UNDECIDED, *, text: str = "", page: int = 1) -> Queue:
    """What lies on a shelf, the oldest first: three statements, with `text` four."""
    counts, oldest = _counts(conference)
    reports = dict(
        db.session.execute(
            select(ContributionReport.contribution_id, func.count())
            .where(ContributionReport.conference_id == conference.id, ContributionReport.handled_at.is_(None))
            .group_by(ContributionReport.contribution_id)
        ).all()
    )
    counts[Shelf.REPORTED] = len(reports)
    wanted = [Contribution.conference_id == conference.id]
    if shelf is Shelf.REPORTED:
        wanted.append(Contribution.id.in_(_reported(conference)))
    else:
        wanted.append(Contribution.status.in_(_STATUSES[shelf]))
    found = counts.get(shelf, 0)
    if text:
        matching = _matching(wanted, text)
        found = len(matching)
    pages = max(1, math.ceil(found / PER_PAGE))
    page = min(max(1, page), pages)
    first = (page - 1) * PER_PAGE
    statement = (
        select(Contribution)
        .where(*wanted)
        .options(
            joinedload(Contribution.group),
            joinedload(Contribution.topic),
            joinedload(Contribution.duplicate_of),
        )
        .order_by(Contribution.received_on, Contribution.id)
    )
    if text:
        statement = statement.where(Contribution.id.in_(matching[first : first + PER_PAGE]))
    else:
        statement = statement.limit(PER_PAGE).offset(first)
    return Queue(
        [Line(row, reports.get(row.id, 0), age(row.received_on)) for row in db.session.scalars(statement)],
        found,
        page,
        pages,
        counts,
        oldest,
    )


def next_undecided(contribution: Contribution) -> int | None:
    """The id of the one that comes after it in the queue, from its end again the oldest: one statement."""
    later = or_(
        Contribution.received_on > contribution.received_on,
        and_(Contribution.received_on == contribution.received_on, Contribution.id > contribution.id),
    )
    return db.session.scalar(
        select(Contribution.id)
        .where(
            Contribution.conference_id == contribution.conference_id,
            Contribution.status.in_(UNDECIDED_STATUSES),
            Contribution.id != contribution.id,
        )
        .order_by(case((later, 0), else_=1), Contribution.received_on, Contribution.id)
        .limit(1)
    )


def history(contribution: Contribution) -> list[ModerationDecision]:
    """All decisions about it, the latest first, with who took them: one statement."""
    return list(
        db.session.scalars(
            select(ModerationDecision)
            .where(ModerationDecision.contribution_id == contribution.id)
            .options(joinedload(ModerationDecision.staff_member))
            .order_by(ModerationDecision.id.desc())
        )
    )


def reports(contribution: Contribution, *, most: int | None = None) -> list[ContributionReport]:
    """What readers have reported about it, open ones first; not more than `most`."""
    return list(
        db.session.scalars(
            select(ContributionReport)
            .where(ContributionReport.contribution_id == contribution.id)
            .order_by(
                case((ContributionReport.handled_at.is_(None), 0), else_=1),
                ContributionReport.reported_on.desc(),
                ContributionReport.id,
            )
            .limit(most)
        )
    )


def duplicates(contribution: Contribution) -> list[Contribution]:
    """Those that count with it, by number."""
    return list(
        db.session.scalars(
            select(Contribution)
            .where(Contribution.duplicate_of_id == contribution.id)
            .order_by(Contribution.number)
        )
    )


def offices(host_id: int) -> list[str]:
    """The offices something was forwarded to at this host, the ones used most often first."""
    return list(
        db.session.scalars(
            select(Contribution.forwarded_to)
            .where(
                Contribution.host_id == host_id,
                Contribution.status == ContributionStatus.FORWARDED,
                Contribution.forwarded_to != "",
            )
            .group_by(Contribution.forwarded_to)
            .order_by(func.count().desc(), Contribution.forwarded_to)
            .limit(50)
        )
    )


def entries(conference: Conference, ids: Iterable[int]) -> list[Contribution]:
    """Contributions by id, in the order of the ids; those of another conference are left out."""
    wanted = list(ids)
    found = {
        row.id: row
        for row in db.session.scalars(
            select(Contribution).where(
                Contribution.conference_id == conference.id, Contribution.id.in_(wanted)
            )
        )
    }
    return [found[number] for number in wanted if number in found]


def alike(contribution: Contribution) -> list[Alike]:
    """Published contributions that say much the same, the most alike first: one statement.

    Words that stand in few contributions count more (tf-idf with cosine). Two languages are compared only by way of
    a German translation a person has read.
    """
    if contribution.text is None:
        return []
    own = _words(search.index((contribution.text, contribution.language)))
    german = own if contribution.language == "de" else set()
    if contribution.german_reviewed:
        german = _words(search.index((contribution.german, "de")))
    same_language = Contribution.language == contribution.language
    in_german = or_(Contribution.language == "de", Contribution.german_reviewed)
    rows = db.session.execute(
        select(
            Contribution.number,
            Contribution.text,
            Contribution.language,
            Contribution.search_words,
        ).where(
            Contribution.conference_id == contribution.conference_id,
            Contribution.status == ContributionStatus.PUBLISHED,
            Contribution.id != contribution.id,
            or_(same_language, in_german) if german else same_language,
        )
    ).all()
    bags = [_words(row.search_words) for row in rows]
    weight = _weights(bags)
    found = []
    for row, bag in zip(rows, bags, strict=True):
        mine = own if row.language == contribution.language else german
        likeness = _cosine(mine, bag, weight)
        if likeness >= ALIKE:
            found.append(Alike(row.number, row.text, row.language, likeness))
    return sorted(found, key=lambda each: (-each.likeness, each.number))[:MOST_ALIKE]


def waiting(host_ids: Iterable[int]) -> dict[int, tuple[int, date]]:
    """By conference: how many contributions await a decision, and the day the oldest came in: one statement."""
    rows = db.session.execute(
        select(Contribution.conference_id, func.count(), func.min(Contribution.received_on))
        .where(Contribution.host_id.in_(list(host_ids)), Contribution.status.in_(UNDECIDED_STATUSES))
        .group_by(Contribution.conference_id)
    )
    return {conference_id: (count, oldest) for conference_id, count, oldest in rows}


def reported(host_ids: Iterable[int]) -> dict[int, int]:
    """By conference: how many contributions readers have reported and nobody has looked at since: one statement."""
    rows = db.session.execute(
        select(
            ContributionReport.conference_id,
            func.count(func.distinct(ContributionReport.contribution_id)),
        )
        .where(ContributionReport.host_id.in_(list(host_ids)), ContributionReport.handled_at.is_(None))
        .group_by(ContributionReport.conference_id)
    )
    return dict(rows.all())


def _counts(conference: Conference) -> tuple[dict[Shelf, int], date | None]:
    by_status = {
        status: (count, oldest)
        for status, count, oldest in db.session.execute(
            select(Contribution.status, func.count(), func.min(Contribution.received_on))
            .where(Contribution.conference_id == conference.id)
            .group_by(Contribution.status)
        )
    }
    counts = {
        shelf: sum(by_status[status][0] for status in statuses if status in by_status)
        for shelf, statuses in _STATUSES.items()
    }
    days = [by_status[status][1] for status in UNDECIDED_STATUSES if status in by_status]
    return counts, min(days, default=None)


def _reported(conference: Conference) -> Select[Any]:
    return select(ContributionReport.contribution_id).where(
        ContributionReport.conference_id == conference.id, ContributionReport.handled_at.is_(None)
    )


def _matching(wanted: Sequence[ColumnElement[bool]], text: str) -> list[int]:
    # What is not public has no words to search by, and neither database folds the case of umlauts by itself.
    parts = fold(text).split()
    rows = db.session.execute(
        select(
            Contribution.id,
            Contribution.number,
            Contribution.text,
            Contribution.german,
            Contribution.display_name,
        )
        .where(*wanted)
        .order_by(Contribution.received_on, Contribution.id)
    )
    found = []
    for row in rows:
        haystack = fold(f"{row.text or ''} {row.german} {row.display_name}")
        is_its_number = row.number is not None and str(row.number) == text.strip()
        if is_its_number or all(part in haystack for part in parts):
            found.append(row.id)
    return found


def _words(index: str) -> set[str]:
    return {word for word in index.split() if len(word) > 1}


def _weights(bags: list[set[str]]) -> Counter[str]:
    """How many contributions each word stands in; with the number of all of them under the empty word."""
    weight: Counter[str] = Counter(word for bag in bags for word in bag)
    weight[""] = len(bags)
    return weight


def _cosine(one: set[str], other: set[str], counted: Counter[str]) -> float:
    def rarity(word: str) -> float:
        return math.log(1 + (counted[""] + 1) / (counted[word] + 1))

    shared = sum(rarity(word) ** 2 for word in one & other)
    if not shared:
        return 0.0
    return shared / math.sqrt(
        sum(rarity(word) ** 2 for word in one) * sum(rarity(word) ** 2 for word in other)
    )
