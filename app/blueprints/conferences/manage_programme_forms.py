"""The forms of the conference editor for programme and working groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import flask_babel
from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional

from app.domain import groups, local_time
from app.models import AgendaKind, Conference, WorkingGroup
from app.web.fields import Clock, EditForm, OneOfMany, SomeOf, Whole, line, text
from app.web.forms import Required, SelectChoice
from app.web.labels import label

# Languages groups are interpreted into most often; others come from files and are kept.
INTERPRETED = ("ar", "bg", "el", "en", "fa", "it", "ku", "pl", "ro", "ru", "sq", "sr", "tr", "uk")


class Item(EditForm):
    """A point of the programme."""

    kind = OneOfMany(_l("Was ist es?"))
    title = line(_l("Titel"), Required(_l("Bitte geben Sie einen Titel ein.")))
    speaker_role = line(
        _l("Wer spricht?"), description=_l("Die Aufgabe, nicht der Name: zum Beispiel Sozialplanung.")
    )
    day = OneOfMany(_l("Tag"))
    starts = Clock(_l("Beginn"), validators=[Required()])
    ends = Clock(_l("Ende"), validators=[Required()])
    room = OneOfMany(_l("Raum"))

    def offer(self, conference: Conference, days: list[date]) -> None:
        """Offer kinds, days of the conference and rooms of its venue."""
        self.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in AgendaKind]
        self.day.choices = [
            SelectChoice(f"{day:%Y-%m-%d}", flask_babel.format_date(day, "full")) for day in days
        ]
        if len(days) == 1 and not self.day.data:
            self.day.data = f"{days[0]:%Y-%m-%d}"
        self.room.choices = _rooms(conference)

    def take(self) -> dict[str, Any]:
        """The attributes of the point. Raises NoSuchTime, TimeTwice."""
        day = date.fromisoformat(self.day.data)
        return {
            "kind": AgendaKind(self.kind.data),
            "title": self.title.data,
            "speaker_role": self.speaker_role.data,
            "starts_at": local_time.instant(day, self.starts.data, field="starts"),
            "ends_at": local_time.instant(day, self.ends.data, field="ends"),
            "room_id": int(self.room.data) if self.room.data else None,
        }

    @staticmethod
    def put(values: Mapping[str, Any]) -> dict[str, Any]:
        """The stored values as they stand in the fields."""
        return {
            "kind": values["kind"].value,
            "title": values["title"],
            "speaker_role": values["speaker_role"],
            "day": f"{local_time.day_of(values['starts_at']):%Y-%m-%d}",
            "starts": local_time.time_of(values["starts_at"]),
            "ends": local_time.time_of(values["ends_at"]),
            "room": str(values["room_id"] or ""),
        }


class Group(EditForm):
    """A working group."""

    title = line(_l("Thema"), Required(_l("Bitte geben Sie ein Thema ein.")))
    description = text(_l("Worum geht es?"), most=2000)
    questions = text(_l("Leitfragen"), most=2000, description=_l("Eine Frage in jeder Zeile."))
    facilitator_role = line(_l("Wer leitet das Gespräch?"), description=_l("Die Aufgabe, nicht der Name."))
    room = OneOfMany(_l("Raum oder Tisch"))
    interpreter_languages = SomeOf(_l("Hier wird übersetzt in"))

    def offer(self, conference: Conference, kept: Iterable[str] = ()) -> None:
        """Offer rooms of the venue, and languages; `kept` are those the group has already."""
        self.room.choices = _rooms(conference)
        names = flask_babel.get_locale().languages
        codes = sorted({*INTERPRETED, *kept}, key=lambda code: str(names.get(code, code)))
        self.interpreter_languages.choices = [SelectChoice(code, names.get(code, code)) for code in codes]

    def take(self) -> dict[str, Any]:
        """The attributes of the group."""
        return {
            **{name: self[name].data for name in groups.TEXTS},
            "interpreter_languages": self.interpreter_languages.data,
            "room_id": int(self.room.data) if self.room.data else None,
        }

    @staticmethod
    def put(values: Mapping[str, Any]) -> dict[str, Any]:
        """The stored values as they stand in the fields."""
        fields = {name: value for name, value in values.items() if name != "room_id"}
        return {**fields, "room": str(values["room_id"] or "")}


class NewGroup(Group):
    """A further working group; its seats in single rounds are set in the table."""

    capacity = Whole(_l("Plätze in jeder Runde"), validators=[Required()], default=12)


def _rooms(conference: Conference) -> list[SelectChoice]:
    rooms = conference.venue.rooms if conference.venue else []
    return [
        SelectChoice("", _l("steht noch nicht fest")),
        *(SelectChoice(str(room.id), room.name) for room in rooms),
    ]


def places_form(listed: list[WorkingGroup], numbers: list[int]) -> type[EditForm]:
    """A number of seats for each group and round; empty where a group does not meet."""
    fields = {
        groups.field_of(group.id, number): Whole(
            _l("Plätze in „%(group)s“, Runde %(number)s", group=str(group.title), number=number),
            validators=[Optional()],
        )
        for group in listed
        for number in numbers
    }
    return type("Places", (EditForm,), fields)
