"""Editing a conference: one way to take it for writing, and to notice that somebody else was quicker."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from app.database import db, now, transaction
from app.domain import versions
from app.domain.errors import ChangedMeanwhile, NotFound, OrderUnfit
from app.models import Conference, Translated
from app.models.translated import SOURCE_LANGUAGE


@contextmanager
def writing(conference: Conference, *, quietly: bool = False) -> Iterator[Conference]:
    """Hold the conference for a write and read it again; nobody else writes to it until the commit.

    `quietly` notes no time (app.domain.versions). Raises NotFound when somebody removed it meanwhile.
    """
    conference_id = conference.id
    with transaction():
        versions.raise_conference(conference_id, quietly=quietly)
        found = db.session.get(Conference, conference_id)
        if found is None:
            raise NotFound
        yield found


def seen(values: Mapping[str, Any]) -> str:
    """A short name for these values; equal exactly when they are.

    A form carries it from showing to saving. The version of the conference would not do: it rises with every
    registration, and an organizer would be told of changes that have nothing to do with the form.
    """
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def refuse_if_changed(stored: Mapping[str, Any], wanted: Mapping[str, Any], shown: str | None) -> None:
    """Raise ChangedMeanwhile when somebody saved other values since the form was `shown`.

    What is stored already as wanted is no conflict: the same form sent twice is saved once. Without `shown` (files,
    command line) nothing was shown and nothing is compared.
    """
    if shown is None or shown == seen(stored):
        return
    if all(stored[name] == value for name, value in wanted.items()):
        return
    raise ChangedMeanwhile


def values(subject: Any, names: Iterable[str], language: str = SOURCE_LANGUAGE) -> dict[str, Any]:
    """The stored values by name; of a text in several languages the one in `language`, empty where there is none."""
    found = {}
    for name in names:
        value = getattr(subject, name)
        found[name] = value.get(language, "") if isinstance(value, Translated) else value
    return found


def save(subject: Any, wanted: Mapping[str, Any], language: str = SOURCE_LANGUAGE) -> set[str]:
    """Set what differs, texts in `language` only; returns the names of what was changed."""
    changed = set()
    for name, value in wanted.items():
        before = getattr(subject, name)
        after = before.with_text(language, value) if isinstance(before, Translated) else value
        if before != after:
            setattr(subject, name, after)
            changed.add(name)
    return changed


def is_in_calendars(conference: Conference) -> bool:
    """Whether residents can have entries: they see it now, or saw it before it became a draft again."""
    return conference.is_public or conference.calendar_sequence > 0


def touch_calendar(conference: Conference) -> None:
    """Raise the SEQUENCE of its calendar entries, once residents can have them."""
    if is_in_calendars(conference):
        conference.calendar_sequence += 1
        conference.calendar_changed_at = now()


def complete_order(order: Sequence[int], present: Iterable[int]) -> list[int]:
    """The order as it is asked for. Raises OrderUnfit unless it names each of `present` exactly once."""
    if sorted(order) != sorted(present):
        raise OrderUnfit
    return list(order)


def moved(order: Sequence[int], item: int, *, up: bool) -> list[int]:
    """The order with `item` one place up or down; the first stays first, the last stays last."""
    if item not in order:
        raise OrderUnfit
    result = list(order)
    place = result.index(item)
    other = place - 1 if up else place + 1
    if 0 <= other < len(result):
        result[place], result[other] = result[other], result[place]
    return result


def _plain(value: enum.Enum | datetime) -> str:
    """The values JSON does not know."""
    return str(value.value) if isinstance(value, enum.Enum) else value.isoformat()
