"""Messages to one registration as staff read them."""

from __future__ import annotations

from sqlalchemy import select

from app.database import db
from app.models import Message, Registration


def messages_of(registration: Registration) -> list[Message]:
    """The messages to one registration, the newest first."""
    return list(
        db.session.scalars(
            select(Message)
            .where(Message.registration_id == registration.id)
            .order_by(Message.created_at.desc(), Message.id.desc())
        )
    )
