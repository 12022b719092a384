"""What the staff pages about contributions share: their frame and their addresses."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from app.models import Conference
from app.web import navigation


def page(template: str, conference: Conference, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A staff page with the side navigation of the conference."""
    body = render_template(
        f"feedback/manage/{template}.html",
        sections=navigation.of_conference(conference),
        sections_title=str(conference.title),
        **values,
    )
    return body, status


def address(endpoint: str, conference: Conference, **parts: Any) -> str:
    """The address of such a page; host and conference as the address of this page names them."""
    return url_for(f"feedback.{endpoint}", host=g.host.key, conference=conference.key, **parts)
