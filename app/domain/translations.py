"""Translations: all texts of a conference in one further language, beside the German ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from app.database import db, transaction
from app.domain import conferences, editing, groups, programme, venues
from app.models import AgendaItem, Conference, Venue, WorkingGroup


@dataclass(frozen=True)
class Text:
    """One German text that can be translated; `field` is its name in a form."""

    subject: Conference | Venue | AgendaItem | WorkingGroup
    name: str

    @property
    def field(self) -> str:
        place = "" if isinstance(self.subject, Conference) else f"-{self.subject.id}"
        return f"{self.subject.__tablename__}{place}-{self.name}"

    @property
    def german(self) -> str:
        return str(editing.values(self.subject, [self.name])[self.name])

    def read(self, language: str) -> str:
        return str(editing.values(self.subject, [self.name], language)[self.name])


def texts(conference: Conference) -> list[Text]:
    """All that is written in German and read by residents, in the order of the pages."""
    # One statement each, whatever the number of points and groups.
    db.session.refresh(conference, ["agenda", "groups"])
    found = [Text(conference, name) for name in conferences.TEXTS]
    if conference.venue:
        found.append(Text(conference.venue, "directions"))
    found += [Text(item, name) for item in conference.agenda for name in programme.TEXTS]
    found += [Text(group, name) for group in conference.groups for name in groups.TEXTS]
    return [text for text in found if text.german]


def progress(conference: Conference, language: str) -> tuple[int, int]:
    """How many of the German texts exist in `language`, and how many there are."""
    found = texts(conference)
    return sum(bool(text.read(language)) for text in found), len(found)


def save(
    conference: Conference, language: str, wanted: Mapping[str, str], *, shown: str | None = None
) -> None:
    """Save what the texts say in `language` (by field name); an empty one lets the German text stand in.

    A text that is gone meanwhile is left out. Raises ChangedMeanwhile when somebody saved other translations since the
    form was `shown`.
    """
    with transaction(), _holding(conference):
        present = {text.field: text for text in texts(conference)}
        asked = {field: value for field, value in wanted.items() if field in present}
        stored = {field: present[field].read(language) for field in asked}
        editing.refuse_if_changed(stored, asked, shown)
        for field, value in asked.items():
            changed = editing.save(present[field].subject, {present[field].name: value}, language)
            if isinstance(present[field].subject, Conference):
                conferences.note_change(conference, changed)
        db.session.flush()


@contextmanager
def _holding(conference: Conference) -> Iterator[None]:
    """Hold the conference, and with it all others at its venue: the way there is described once for all of them."""
    if conference.venue_id is not None:
        venues.hold_conferences(conference.venue_id)
    with editing.writing(conference):
        yield


def seen(conference: Conference, language: str) -> str:
    """What `save` compares: the translations as they are now."""
    return editing.seen({text.field: text.read(language) for text in texts(conference)})
