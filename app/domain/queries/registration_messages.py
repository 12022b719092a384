"""Messages to registrations as staff read them."""

from __future__ import annotations

import math

from sqlalchemy import func, select

from app.database import db
from app.models import Conference, Message, MessageState, Registration

PER_PAGE = 50


def messages(conference: Conference, state: MessageState | None, page: int) -> tuple[list[Message], int, int]:
    """The messages of a conference, the newest first, 50 a page; with the page shown and how many there are."""
    wanted = [Message.conference_id == conference.id]
    if state is not None:
        wanted.append(Message.state == state)
    count = db.session.scalar(select(func.count()).select_from(Message).where(*wanted)) or 0
    pages = max(1, math.ceil(count / PER_PAGE))
    page = min(max(1, page), pages)
    found = db.session.scalars(
        select(Message)
        .where(*wanted)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    )
    return list(found), page, pages


def message_counts(conference: Conference) -> dict[MessageState, int]:
    """How many messages of a conference are in each state."""
    rows = db.session.execute(
        select(Message.state, func.count())
        .where(Message.conference_id == conference.id)
        .group_by(Message.state)
    )
    return dict(rows.all())


def messages_of(registration: Registration) -> list[Message]:
    """The messages to one registration, the newest first."""
    return list(
        db.session.scalars(
            select(Message)
            .where(Message.registration_id == registration.id)
            .order_by(Message.created_at.desc(), Message.id.desc())
        )
    )
