"""Topics of a conference: bundles of contributions about the same thing, their order and what lies in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update

from app.database import db
from app.domain import editing
from app.domain.contributions import refuse_unfit_place
from app.domain.errors import NotFound, TitleMissing, TopicInUse
from app.models import (
    PUBLIC_STATUSES,
    Conference,
    Contribution,
    ContributionStatus,
    Evidence,
    Recommendation,
    Topic,
    Translated,
)

TEXTS = ("title", "summary")
FIELDS = (*TEXTS, "working_group_id")
# More than any number a conference reaches: numbers are unique, so in a change of order all step aside first.
_ASIDE = 1_000_000


def all_of(conference: Conference) -> list[Topic]:
    """The topics in their order: one statement."""
    return list(
        db.session.scalars(
            select(Topic).where(Topic.conference_id == conference.id).order_by(Topic.position, Topic.id)
        )
    )


def add(conference: Conference, wanted: Mapping[str, Any], *, key: str = "") -> Topic:
    """Add a topic (`FIELDS`) at the end of the list; the same topic sent twice is added once.

    Raises TitleMissing, NotFound for a group of another conference.
    """
    with editing.writing(conference):
        present = all_of(conference)
        for topic in present:
            if editing.values(topic, wanted) == dict(wanted):
                return topic
        _refuse_unfit(conference, wanted)
        number = 1 + max((topic.number for topic in present), default=0)
        topic = Topic(
            host_id=conference.host_id,
            conference_id=conference.id,
            key=key or _free_key({topic.key for topic in present}, number),
            number=number,
            position=len(present) + 1,
            **{name: Translated(value) if name in TEXTS else value for name, value in wanted.items()},
        )
        db.session.add(topic)
        db.session.flush()
    return topic


def edit(topic: Topic, wanted: Mapping[str, Any], *, shown: str | None = None) -> None:
    """Save `FIELDS`. Raises TitleMissing, NotFound, ChangedMeanwhile."""
    with editing.writing(topic.conference) as conference:
        topic = _of(conference, topic)
        editing.refuse_if_changed(editing.values(topic, wanted), wanted, shown)
        _refuse_unfit(conference, wanted)
        editing.save(topic, wanted)


def remove(topic: Topic) -> None:
    """Take a topic away; its contributions are under none from now on.

    Raises TopicInUse when a recommendation rests on it, NotFound.
    """
    with editing.writing(topic.conference) as conference:
        topic = _of(conference, topic)
        if db.session.scalar(select(Evidence.id).where(Evidence.topic_id == topic.id).limit(1)):
            raise TopicInUse(topic=str(topic.title))
        _move(Contribution.topic_id == topic.id, topic_id=None)
        db.session.delete(topic)
        db.session.flush()
        _number(conference, all_of(conference))


def reorder(conference: Conference, order: Sequence[int]) -> None:
    """Show the topics in this order; numbers follow it as long as nobody outside has seen them.

    Raises OrderUnfit unless `order` names each topic once.
    """
    with editing.writing(conference):
        topics = {topic.id: topic for topic in all_of(conference)}
        _number(conference, [topics[topic_id] for topic_id in editing.complete_order(order, topics)])


def move(conference: Conference, topic_id: int, *, up: bool) -> None:
    """Show one topic before its neighbour or after it. Raises OrderUnfit for a topic that is gone."""
    with editing.writing(conference):
        reorder(conference, editing.moved([topic.id for topic in all_of(conference)], topic_id, up=up))


def assign(conference: Conference, contribution_ids: Iterable[int], topic_id: int | None) -> int:
    """Put contributions under a topic, None: under none. Returns how many were moved; withdrawn ones stay.

    Raises NotFound for a topic of another conference; contributions of another one are not moved.
    """
    with editing.writing(conference):
        refuse_unfit_place(conference.id, topic_id=topic_id)
        wanted = (
            Contribution.conference_id == conference.id,
            Contribution.id.in_(list(contribution_ids)),
            Contribution.status != ContributionStatus.WITHDRAWN,
            Contribution.topic_id.is_distinct_from(topic_id),
        )
        count = db.session.scalar(select(func.count(Contribution.id)).where(*wanted)) or 0
        _move(*wanted, topic_id=topic_id)
    return count


def numbers_are_fixed(conference: Conference) -> bool:
    """True once contributions or recommendations are public: people may have written the numbers down."""
    has_voices = db.session.scalar(
        select(Contribution.id)
        .where(Contribution.conference_id == conference.id, Contribution.status.in_(PUBLIC_STATUSES))
        .limit(1)
    )
    return bool(
        has_voices
        or db.session.scalar(
            select(Recommendation.id)
            .where(Recommendation.conference_id == conference.id, Recommendation.is_public)
            .limit(1)
        )
    )


def counts(conference: Conference) -> dict[int | None, int]:
    """How many contributions lie under each topic, and under None; withdrawn ones are not counted."""
    rows = db.session.execute(
        select(Contribution.topic_id, func.count())
        .where(
            Contribution.conference_id == conference.id, Contribution.status != ContributionStatus.WITHDRAWN
        )
        .group_by(Contribution.topic_id)
    )
    return dict(rows.all())


def _of(conference: Conference, topic: Topic) -> Topic:
    found = next((present for present in all_of(conference) if present is topic), None)
    if found is None:
        raise NotFound
    return found


def _refuse_unfit(conference: Conference, wanted: Mapping[str, Any]) -> None:
    if not wanted.get("title", "-"):
        raise TitleMissing
    refuse_unfit_place(conference.id, working_group_id=wanted.get("working_group_id"))


def _move(*which: Any, topic_id: int | None) -> None:
    db.session.execute(
        update(Contribution)
        .where(*which)
        .values(topic_id=topic_id)
        .execution_options(synchronize_session="fetch")
    )


def _number(conference: Conference, topics: list[Topic]) -> None:
    """Positions in the order given; numbers with them while nobody has seen them."""
    for position, topic in enumerate(topics, start=1):
        topic.position = position
    wanted = list(range(1, len(topics) + 1))
    if [topic.number for topic in topics] != wanted and not numbers_are_fixed(conference):
        for topic in topics:
            topic.number += _ASIDE
        db.session.flush()
        for topic, number in zip(topics, wanted, strict=True):
            topic.number = number
    db.session.flush()


def _free_key(taken: set[str], number: int) -> str:
    while f"thema{number}" in taken:
        number += 1
    return f"thema{number}"
