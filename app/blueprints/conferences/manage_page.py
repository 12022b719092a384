"""What the pages of the conference editor share: their frame, and lists put in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.blueprints.conferences.manage_programme_forms import Order
from app.domain.errors import DomainError, OrderUnfit
from app.models import Conference
from app.web import navigation
from app.web.saving import was_refused


def page(template: str, conference: Conference, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A page of the editor with the side navigation of the conference."""
    body = render_template(
        f"conferences/manage/{template}.html",
        sections=navigation.of_conference(conference),
        sections_title=str(conference.title),
        **values,
    )
    return body, status


def address(endpoint: str, conference: Conference, **parts: Any) -> str:
    """The address of a page of the editor; host and conference as the address of this page names them."""
    return url_for(f"conferences.{endpoint}", host=g.host.key, conference=conference.key, **parts)


def put_in_order(
    conference: Conference,
    reorder: Callable[[Conference, list[int]], None],
    move: Callable[..., None],
    endpoint: str,
    done: str,
) -> ResponseReturnValue:
    """Answer a list in another order: all ids as dragged, or one of them up or down by its button."""
    form = Order()
    if was_refused(form):
        return redirect(address(endpoint, conference), 303)
    try:
        if form.move.data:
            direction, _, item = form.move.data.partition(":")
            if direction not in ("up", "down") or not _is_id(item):
                raise OrderUnfit
            move(conference, int(item), up=direction == "up")
        else:
            reorder(conference, _ids(form.order.data))
    except DomainError as error:
        flash(str(error), "error")
    else:
        flash(done, "success")
    return redirect(address(endpoint, conference), 303)


def _ids(text: str | None) -> list[int]:
    parts = (text or "").split(",")
    if not all(map(_is_id, parts)):
        raise OrderUnfit
    return [int(part) for part in parts]


def _is_id(text: str) -> bool:
    # Python refuses to read numbers of thousands of digits.
    return text.isdecimal() and len(text) < 19
