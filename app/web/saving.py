"""Saving what a form holds: what the domain refuses goes back to the form, beside what is stored now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, g
from sqlalchemy import inspect

from app.database import db
from app.domain.errors import ChangedMeanwhile, DomainError, NotFound
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


def _is_gone(conference: Conference) -> bool:
    identity = inspect(conference).identity
    return identity is None or db.session.get(Conference, identity) is None
