"""Contributions as everybody reads them: the list with filters and search, who says the same, what can be chosen."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.database import db
from app.domain import search
from app.domain import topics as topics_domain
from app.models import (
    PUBLIC_STATUSES,
    Conference,
    Contribution,
    ContributionKind,
    ContributionStatus,
    Recommendation,
    Topic,
    WorkingGroup,
)

PER_PAGE = 25
# Longer words are cut by the search itself; what is longer than this is no search.
LONGEST_QUERY = 200


@dataclass(frozen=True)
class Filters:
    """What a reader wants to see; None and "" ask for nothing. Topic and group by their public numbers."""

    topic: int | None = None
    group: int | None = None
    kind: ContributionKind | None = None
    language: str = ""
    query: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))


@dataclass
class Choices:
    """How many contributions each option would show, the other filters as they are; what would show none is missing."""

    topics: Counter[int] = field(default_factory=Counter)
    groups: Counter[int] = field(default_factory=Counter)
    kinds: Counter[ContributionKind] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)


@dataclass
class Listing:
    """One page of the list."""

    # What was asked for, without topics and groups the conference does not have.
    filters: Filters
    found: int
    page: int
    pages: int
    rows: list[Contribution]
    # Who says the same as a row, by its id.
    same: dict[int, list[Contribution]]
    choices: Choices
    topics: dict[int, Topic]
    groups: dict[int, WorkingGroup]


@dataclass(frozen=True)
class Public:
    """What of the results of a conference everybody can read already."""

    contributions: bool
    recommendations: bool


def listing(conference: Conference, filters: Filters, page: int = 1, *, language: str = "de") -> Listing:
    """The public contributions that fit, those with the highest number first.

    Without filters a duplicate stands at its original alone; whoever looks for something finds it by its own words,
    its own language as well. Every word of the search must begin a word of the contribution; `language` is the one
    the reader types in. The number of statements does not depend on how many there are: five, six with a search.
    """
    topics = {topic.number: topic for topic in topics_domain.all_of(conference)}
    groups = {group.number: group for group in groups_of(conference)}
    filters = replace(
        filters,
        topic=filters.topic if filters.topic in topics else None,
        group=filters.group if filters.group in groups else None,
    )
    is_public = and_(Contribution.conference_id == conference.id, Contribution.status.in_(PUBLIC_STATUSES))
    matching = _matching(filters.query, is_public, language)
    wanted = _Wanted(
        filters,
        topic_id=_id_of(topics.get(filters.topic or 0)),
        group_id=_id_of(groups.get(filters.group or 0)),
    )
    counted = db.session.execute(
        select(
            Contribution.topic_id,
            Contribution.working_group_id,
            Contribution.kind,
            Contribution.language,
            Contribution.status,
            func.count().label("voices"),
        )
        .where(is_public, *matching)
        .group_by(
            Contribution.topic_id,
            Contribution.working_group_id,
            Contribution.kind,
            Contribution.language,
            Contribution.status,
        )
    ).all()
    found = sum(row.voices for row in counted if wanted.fits(row))
    pages = max(1, math.ceil(found / PER_PAGE))
    page = min(max(1, page), pages)
    rows = list(
        db.session.scalars(
            select(Contribution)
            .where(is_public, *matching, *wanted.conditions())
            .options(joinedload(Contribution.duplicate_of))
            .order_by(Contribution.number.desc())
            .limit(PER_PAGE)
            .offset((page - 1) * PER_PAGE)
        )
    )
    _attach(rows, conference, topics.values(), groups.values())
    return Listing(
        filters=filters,
        found=found,
        page=page,
        pages=pages,
        rows=rows,
        same=same_as(rows),
        choices=_choices(counted, wanted, topics, groups),
        topics=topics,
        groups=groups,
    )


def same_as(originals: Iterable[Contribution]) -> dict[int, list[Contribution]]:
    """The public duplicates of each of these, by its id, lowest number first: one statement."""
    found = defaultdict[int, list[Contribution]](list)
    for twin in db.session.scalars(
        select(Contribution)
        .where(
            Contribution.duplicate_of_id.in_([original.id for original in originals]),
            Contribution.status == ContributionStatus.DUPLICATE,
        )
        .order_by(Contribution.number)
    ):
        found[twin.duplicate_of_id or 0].append(twin)
    return dict(found)


def groups_of(conference: Conference) -> list[WorkingGroup]:
    """The working groups in order, without their rounds: one statement."""
    return list(
        db.session.scalars(
            select(WorkingGroup)
            .where(WorkingGroup.conference_id == conference.id)
            .order_by(WorkingGroup.position, WorkingGroup.number)
        )
    )


def public_of(conference: Conference) -> Public:
    """What everybody can read of what was said and recommended: one statement."""
    said = exists().where(
        Contribution.conference_id == conference.id, Contribution.status.in_(PUBLIC_STATUSES)
    )
    recommended = exists().where(Recommendation.conference_id == conference.id, Recommendation.is_public)
    row = db.session.execute(select(said.label("said"), recommended.label("recommended"))).one()
    return Public(bool(row.said), bool(row.recommended))


def count_in_group(group: WorkingGroup) -> int:
    """How many public contributions belong to this group: one statement."""
    return _count(
        and_(
            Contribution.conference_id == group.conference_id,
            Contribution.working_group_id == group.id,
            Contribution.status.in_(PUBLIC_STATUSES),
        )
    )


@dataclass(frozen=True)
class _Wanted:
    """The filters with the ids behind their numbers."""

    filters: Filters
    topic_id: int | None
    group_id: int | None

    def fits(self, row: Any, *, but: str = "") -> bool:
        """Whether a counted combination is shown; `but` leaves one filter aside."""
        filters = self.filters
        if not filters and not but:
            return bool(row.status is ContributionStatus.PUBLISHED)
        return (
            (but == "topic" or not filters.topic or row.topic_id == self.topic_id)
            and (but == "group" or not filters.group or row.working_group_id == self.group_id)
            and (but == "kind" or not filters.kind or row.kind is filters.kind)
            and (but == "language" or not filters.language or row.language == filters.language)
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for the database."""
        filters = self.filters
        if not filters:
            return [Contribution.status == ContributionStatus.PUBLISHED]
        found: list[ColumnElement[bool]] = []
        if filters.topic:
            found.append(Contribution.topic_id == self.topic_id)
        if filters.group:
            found.append(Contribution.working_group_id == self.group_id)
        if filters.kind:
            found.append(Contribution.kind == filters.kind)
        if filters.language:
            found.append(Contribution.language == filters.language)
        return found


def _choices(
    counted: Iterable[Any], wanted: _Wanted, topics: dict[int, Topic], groups: dict[int, WorkingGroup]
) -> Choices:
    choices = Choices()
    topic_numbers = {topic.id: number for number, topic in topics.items()}
    group_numbers = {group.id: number for number, group in groups.items()}
    for row in counted:
        if row.topic_id in topic_numbers and wanted.fits(row, but="topic"):
            choices.topics[topic_numbers[row.topic_id]] += row.voices
        if row.working_group_id in group_numbers and wanted.fits(row, but="group"):
            choices.groups[group_numbers[row.working_group_id]] += row.voices
        if wanted.fits(row, but="kind"):
            choices.kinds[row.kind] += row.voices
        if wanted.fits(row, but="language"):
            choices.languages[row.language] += row.voices
    return choices


def _matching(query: str, is_public: ColumnElement[bool], language: str) -> list[ColumnElement[bool]]:
    """One condition for each word that was typed."""
    if not query:
        return []
    spoken = db.session.scalars(select(Contribution.language).where(is_public).distinct()).all()
    # The German translations are searched as well.
    words = search.terms(query[:LONGEST_QUERY], *sorted({"de", language, *spoken}))
    if not words:
        # Nothing but signs was typed, and nothing is what they find.
        return [Contribution.id.is_(None)]
    return [
        or_(
            *(Contribution.search_words.contains(f" {term}", autoescape=True) for term in sorted(word - {""}))
        )
        for word in words
    ]


def _count(condition: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Contribution).where(condition)) or 0


def _attach(
    rows: Iterable[Contribution],
    conference: Conference,
    topics: Iterable[Topic],
    groups: Iterable[WorkingGroup],
) -> None:
    topic_by_id = {topic.id: topic for topic in topics}
    group_by_id = {group.id: group for group in groups}
    for row in rows:
        set_committed_value(row, "conference", conference)
        set_committed_value(row, "topic", topic_by_id.get(row.topic_id or 0))
        set_committed_value(row, "group", group_by_id.get(row.working_group_id or 0))


def _id_of(found: Topic | WorkingGroup | None) -> int | None:
    return found.id if found is not None else None
