"""What can lie under a topic: contributions to be ticked, by what they are under now."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.database import db
from app.domain.queries.registrations import fold
from app.models import PUBLIC_STATUSES, UNDECIDED_STATUSES, Conference, Contribution, Topic

PER_PAGE = 100


class Where(enum.Enum):
    """Which contributions are shown."""

    WITHOUT = "ohne"
    HERE = "hier"
    ALL = "alle"


@dataclass(frozen=True)
class Listing:
    """A page of contributions."""

    rows: list[Contribution]
    found: int
    page: int
    pages: int


def listing(conference: Conference, topic: Topic, where: Where, *, text: str = "", page: int = 1) -> Listing:
    """Contributions that are public or still to be decided about, the oldest first: two statements."""
    wanted = [
        Contribution.conference_id == conference.id,
        Contribution.status.in_([*PUBLIC_STATUSES, *UNDECIDED_STATUSES]),
    ]
    if where is Where.WITHOUT:
        wanted.append(Contribution.topic_id.is_(None))
    elif where is Where.HERE:
        wanted.append(Contribution.topic_id == topic.id)
    statement = (
        select(Contribution)
        .where(*wanted)
        .options(joinedload(Contribution.topic), joinedload(Contribution.group))
        .order_by(Contribution.received_on, Contribution.id)
    )
    matching: list[int] = []
    if text:
        # Neither database folds the case of umlauts by itself.
        parts = fold(text).split()
        matching = [
            number
            for number, words, german in db.session.execute(
                select(Contribution.id, Contribution.text, Contribution.german)
                .where(*wanted)
                .order_by(Contribution.received_on, Contribution.id)
            )
            if all(part in fold(f"{words or ''} {german}") for part in parts)
        ]
        found = len(matching)
    else:
        found = db.session.scalar(select(func.count(Contribution.id)).where(*wanted)) or 0
    pages = max(1, math.ceil(found / PER_PAGE))
    page = min(max(1, page), pages)
    first = (page - 1) * PER_PAGE
    if text:
        statement = statement.where(Contribution.id.in_(matching[first : first + PER_PAGE]))
    else:
        statement = statement.limit(PER_PAGE).offset(first)
    return Listing(list(db.session.scalars(statement)), found, page, pages)
