"""Saving what a form holds: what the domain refuses goes back to the form, beside what is stored now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, g, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect
from wtforms import HiddenField

from app.database import db
from app.domain.errors import ChangedMeanwhile, DomainError, NotFound, OrderUnfit
from app.models import Conference
from app.web.fields import EditForm
from app.web.forms import BaseForm

Stored = Callable[[], tuple[Mapping[str, Any], str]]
"""What is stored now, as it stands in the fields, and the mark of it that a form carries."""


def saved(form: EditForm, act: Callable[[], Any], stored: Stored) -> bool:
    """True when `act` has saved; otherwise the form says why, and lays what is stored now beside what was typed."""
    try:
        act()
    except ChangedMeanwhile as error:
        form.reject(error)
        form.compare(*stored())
        return False
    except DomainError as error:
        if isinstance(error, NotFound) and _is_gone(g.conference):
            abort(404)
        form.reject(error)
        return False
    return True


def was_refused(form: BaseForm) -> bool:
    """True when a form without fields of its own is not valid; the next page says why."""
    if form.validate_on_submit():
        return False
    for sentences in form.errors.values():
        flash(sentences[0], "error")
    return True


class Order(BaseForm):
    """A list in another order: all ids, and by a button one of them up or down."""

    order = HiddenField()
    move = HiddenField()


def in_order(
    reorder: Callable[[list[int]], None], move: Callable[[int, bool], None], back: str, done: str
) -> ResponseReturnValue:
    """Answer a list in another order: all ids as dragged, or one of them up (True) or down by its button."""
    form = Order()
    if was_refused(form):
        return redirect(back, 303)
    try:
        if form.move.data:
            direction, _, item = form.move.data.partition(":")
            if direction not in ("up", "down") or not is_id(item):
                raise OrderUnfit
            move(int(item), direction == "up")
        else:
            reorder(_ids(form.order.data))
    except DomainError as error:
        flash(str(error), "error")
    else:
        flash(done, "success")
    return redirect(back, 303)


def is_id(text: str) -> bool:
    """True for what can be the id of a row: 64 bits at most. Python refuses to read numbers of thousands of digits."""
    return text.isascii() and text.isdecimal() and len(text) < 20 and int(text) < 2**63


def _ids(text: str | None) -> list[int]:
    parts = (text or "").split(",")
    if not all(map(is_id, parts)):
        raise OrderUnfit
    return [int(part) for part in parts]


def _is_gone(conference: Conference) -> bool:
    identity = inspect(conference).identity
    return identity is None or db.session.get(Conference, identity) is None
