"""After a change that people should hear of: says so to whoever made it, and where to tell it."""

from __future__ import annotations

from collections.abc import Callable, Collection

from flask import Response, flash, g, request
from flask_babel import gettext as _
from sqlalchemy import inspect

from app.database import db
from app.domain.queries import messages
from app.models import Conference, MessageKind

# What is told by a message to many; reminders and thanks follow from the calendar, not from a change.
_NEWS = frozenset(
    {MessageKind.SCHEDULE_CHANGED, MessageKind.CONFERENCE_POSTPONED, MessageKind.CONFERENCE_CANCELLED}
)


def reminding(endpoints: Collection[str]) -> Callable[[Response], Response]:
    """A step after requests: when a form of one of these pages was saved and there is news, the next page says so."""

    def remind(response: Response) -> Response:
        if request.method == "POST" and response.status_code in (302, 303) and request.endpoint in endpoints:
            conference = _conference()
            if conference and any(news.kind in _NEWS for news in messages.to_tell(conference)):
                flash(
                    _(
                        "Wer angemeldet ist, weiß das noch nicht. "
                        "Unter „Nachrichten“ bereiten Sie vor, was alle erfahren sollen."
                    ),
                    "warning",
                )
        return response

    return remind


def _conference() -> Conference | None:
    shown = g.get("conference")
    identity = inspect(shown).identity if shown is not None else None
    return db.session.get(Conference, identity) if identity else None
