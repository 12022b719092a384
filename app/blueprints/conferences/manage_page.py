"""What the pages of the conference editor share: their frame, and lists put in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from app.models import Conference
from app.web import navigation
from app.web.saving import in_order


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
    return in_order(
        lambda order: reorder(conference, order),
        lambda item, up: move(conference, item, up=up),
        address(endpoint, conference),
        done,
    )
