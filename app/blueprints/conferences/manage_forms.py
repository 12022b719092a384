"""The forms of the conference editor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.validators import Optional, ValidationError

from app.domain import local_time, translations
from app.models import ConferenceKind, Room, Venue
from app.web import languages
from app.web.fields import (
    LINE,
    TEXT,
    Clock,
    Day,
    EditForm,
    OneOf,
    OneOfMany,
    SomeOf,
    Whole,
    email,
    line,
    text,
)
from app.web.forms import BaseForm, Required, SelectChoice
from app.web.labels import label


def _kinds() -> list[SelectChoice]:
    return [SelectChoice(kind.value, label(kind)) for kind in ConferenceKind]


class NewConference(BaseForm):
    """The few things a conference begins with."""

    title = line(
        _l("Wie heißt die Konferenz?"),
        Required(_l("Bitte geben Sie einen Titel ein.")),
        description=_l("Zum Beispiel: Sozialkonferenz 2027"),
    )
    kind = OneOfMany(_l("Was für eine Konferenz ist es?"))
    day = Day(_l("An welchem Tag?"), validators=[Required()])
    starts = Clock(_l("Beginn"), validators=[Required()])
    ends = Clock(_l("Ende"), validators=[Required()])
    venue = OneOfMany(_l("Wo?"), description=_l("Einen neuen Ort tragen Sie später ein."))
    contact_phone = line(_l("Telefon für Fragen"), most=60)
    contact_email = line(_l("E-Mail für Fragen"), Optional(), email(), most=254)
    plan = OneOf(
        _l("Programm"),
        choices=[
            SelectChoice("evening", _l("Mit einem üblichen Ablauf beginnen")),
            SelectChoice("empty", _l("Ohne Programm beginnen")),
        ],
        default="evening",
    )
    key = line(_l("Adresse der Seite"), most=80)

    def offer(self, venues: Iterable[Venue]) -> None:
        """Offer the kinds, and the venues of the host."""
        self.kind.choices = _kinds()
        self.venue.choices = [
            SelectChoice("", _l("steht noch nicht fest")),
            *(SelectChoice(str(venue.id), venue.name) for venue in venues),
        ]


class CopyConference(BaseForm):
    """When the copy takes place and what it is called."""

    title = line(_l("Wie heißt die neue Konferenz?"), Required(_l("Bitte geben Sie einen Titel ein.")))
    day = Day(_l("An welchem Tag?"), validators=[Required()])
    starts = Clock(_l("Beginn"), validators=[Required()])


class Texts(EditForm):
    """Basics and German texts of a conference."""

    title = line(_l("Titel"), Required(_l("Bitte geben Sie einen Titel ein.")))
    kind = OneOfMany(_l("Art der Konferenz"))
    kind_label = line(
        _l("Eigene Bezeichnung"),
        description=_l("Zum Beispiel: Stadtteilkonferenz. Leer gilt die Art von oben."),
    )
    motto = line(_l("Motto"))
    teaser = text(
        _l("Worum geht es, in zwei Sätzen?"),
        most=600,
        description=_l("Steht ganz oben. Kurze Sätze, keine Fachwörter."),
    )
    about = text(_l("Worum geht es genauer?"))
    costs = text(_l("Was kostet es?"), most=1000)
    children = text(
        _l("Können Kinder mitkommen?"), most=1000, description=_l("Gibt es Betreuung? Ab welchem Alter?")
    )
    language_help = text(
        _l("Welche Hilfe gibt es für andere Sprachen?"),
        most=1000,
        description=_l("Zum Beispiel: Wer übersetzt wann."),
    )
    afterwards = text(_l("Was passiert mit den Ideen, und wer entscheidet?"))
    contact_role = line(_l("Wer beantwortet Fragen?"), description=_l("Die Stelle, nicht der Name."))
    contact_phone = line(_l("Telefon"), most=60)
    contact_email = line(_l("E-Mail"), Optional(), email(), most=254)
    contact_hours = line(_l("Wann erreicht man Sie?"))
    languages = SomeOf(
        _l("Weitere Sprachen"),
        description=_l(
            "Für jede Sprache gibt es danach eine Seite zum Übersetzen. Was fehlt, steht auf Deutsch da."
        ),
    )

    def offer(self) -> None:
        """Offer kinds and installed languages."""
        self.kind.choices = _kinds()
        self.languages.choices = [
            SelectChoice(code, language.name)
            for code, language in languages.INSTALLED.items()
            if language is not languages.GERMAN
        ]


class Schedule(EditForm):
    """Date, window of registration, places."""

    day = Day(_l("Tag"), validators=[Required()])
    starts = Clock(_l("Beginn"), validators=[Required()])
    ends = Clock(_l("Ende"), validators=[Required()])
    end_day = Day(
        _l("Letzter Tag"),
        validators=[Optional()],
        description=_l("Nur wenn die Konferenz länger als einen Tag dauert."),
    )
    opens_day = Day(_l("Anmeldung ab"), validators=[Optional()])
    opens_time = Clock(_l("Uhrzeit"), validators=[Optional()])
    closes_day = Day(_l("Anmeldung bis"), validators=[Optional()])
    closes_time = Clock(_l("Uhrzeit"), validators=[Optional()])
    capacity = Whole(
        _l("Plätze insgesamt"),
        most=100_000,
        validators=[Optional()],
        description=_l("Leer: Es dürfen alle kommen."),
    )
    walk_in_quota = Whole(
        _l("Davon freihalten"),
        most=100_000,
        validators=[Optional()],
        description=_l("Für Menschen, die ohne Anmeldung kommen."),
    )

    @staticmethod
    def put(values: Mapping[str, Any]) -> dict[str, Any]:
        """The stored values as they stand in the fields."""
        starts_at, ends_at = values["starts_at"], values["ends_at"]
        first, last = local_time.day_of(starts_at), local_time.day_of(ends_at)
        fields = {
            "day": first,
            "starts": local_time.time_of(starts_at),
            "ends": local_time.time_of(ends_at),
            "end_day": last if last != first else None,
            "capacity": values["capacity"],
            "walk_in_quota": values["walk_in_quota"],
        }
        for name in ("opens", "closes"):
            at = values[f"registration_{name}_at"]
            fields[f"{name}_day"] = at and local_time.day_of(at)
            fields[f"{name}_time"] = at and local_time.time_of(at)
        return fields

    def take(self) -> dict[str, Any]:
        """What is wanted, as instants. Raises NoSuchTime, TimeTwice."""
        day = self.day.data
        return {
            "starts_at": local_time.instant(day, self.starts.data, field="starts"),
            "ends_at": local_time.instant(self.end_day.data or day, self.ends.data, field="ends"),
            "registration_opens_at": _instant(self, "opens", time(0, 0)),
            "registration_closes_at": _instant(self, "closes", time(23, 59)),
            "capacity": self.capacity.data,
            "walk_in_quota": self.walk_in_quota.data or 0,
        }

    def validate_opens_time(self, field: Field) -> None:
        _refuse_time_alone(self.opens_day, field)

    def validate_closes_time(self, field: Field) -> None:
        _refuse_time_alone(self.closes_day, field)


def _instant(form: EditForm, name: str, usual: time) -> datetime | None:
    day, clock = form[f"{name}_day"].data, form[f"{name}_time"].data
    return local_time.instant(day, clock or usual, field=f"{name}_time") if day else None


def _refuse_time_alone(day: Field, clock: Field) -> None:
    if clock.data and not day.data and not day.errors:
        raise ValidationError(gettext("Bitte geben Sie zu der Uhrzeit auch den Tag an."))


class ContributionWindow(EditForm):
    """From when until when residents can hand in contributions."""

    opens_day = Day(_l("Beiträge ab"), validators=[Optional()])
    opens_time = Clock(_l("Uhrzeit"), validators=[Optional()])
    closes_day = Day(_l("Beiträge bis"), validators=[Optional()])
    closes_time = Clock(_l("Uhrzeit"), validators=[Optional()])

    @staticmethod
    def put(values: Mapping[str, Any]) -> dict[str, Any]:
        """The stored values as they stand in the fields."""
        fields: dict[str, Any] = {}
        for name, column in (("opens", "contributions_open_at"), ("closes", "contributions_close_at")):
            at = values[column]
            fields[f"{name}_day"] = at and local_time.day_of(at)
            fields[f"{name}_time"] = at and local_time.time_of(at)
        return fields

    def take(self) -> tuple[datetime | None, datetime | None]:
        """Opening and end, as instants. Raises NoSuchTime, TimeTwice."""
        return _instant(self, "opens", time(0, 0)), _instant(self, "closes", time(23, 59))

    def validate_opens_time(self, field: Field) -> None:
        _refuse_time_alone(self.opens_day, field)

    def validate_closes_time(self, field: Field) -> None:
        _refuse_time_alone(self.closes_day, field)


class ChooseVenue(EditForm):
    """Where the conference takes place."""

    venue = OneOf(_l("Ort"), validators=[Optional()])

    def offer(self, venues: Iterable[Venue]) -> None:
        """Offer the venues of the host."""
        self.venue.choices = [
            SelectChoice("", _l("steht noch nicht fest")),
            *(
                SelectChoice(str(venue.id), ", ".join(part for part in (venue.name, venue.city) if part))
                for venue in venues
            ),
        ]


YES_NO = (
    SelectChoice("", _l("nicht bekannt")),
    SelectChoice("yes", _l("ja")),
    SelectChoice("no", _l("nein")),
)
THREE_STATES = {"": None, "yes": True, "no": False}


class VenueForm(EditForm):
    """A house and its rooms."""

    name = line(_l("Name"), Required(), description=_l("Zum Beispiel: Bürgerhaus Nord"))
    street = line(_l("Straße und Hausnummer"))
    postal_code = line(_l("Postleitzahl"), most=10)
    city = line(_l("Ort"))
    directions = text(
        _l("Wie kommt man hin?"), most=2000, description=_l("Haltestelle, Parkplätze, welcher Eingang.")
    )
    step_free = OneOf(
        _l("Kommt man ohne Stufen hinein?"), choices=YES_NO, default="", validators=[Optional()]
    )
    accessible_wc = OneOf(
        _l("Gibt es eine Toilette für Menschen im Rollstuhl?"),
        choices=YES_NO,
        default="",
        validators=[Optional()],
    )
    induction_loop = OneOf(
        _l("Gibt es eine Anlage für Hörgeräte (Induktionsschleife)?"),
        choices=YES_NO,
        default="",
        validators=[Optional()],
    )
    seats = Whole(_l("Wie viele Menschen passen hinein?"), most=100_000, validators=[Optional()])
    new_rooms = text(
        _l("Weitere Räume oder Tische"),
        most=4000,
        description=_l("Einer in jeder Zeile, zum Beispiel: Saal, Raum 2, Tisch am Fenster."),
    )

    def take(self) -> dict[str, Any]:
        """The attributes of the venue."""
        plain = ("name", "street", "postal_code", "city", "directions", "seats")
        states = ("step_free", "accessible_wc", "induction_loop")
        return {name: self[name].data for name in plain} | {
            name: THREE_STATES[self[name].data or ""] for name in states
        }

    @staticmethod
    def put(values: Mapping[str, Any]) -> dict[str, Any]:
        """The stored values as they stand in the fields."""
        words = {value: name for name, value in THREE_STATES.items()}
        return {
            name: words[value] if name in ("step_free", "accessible_wc", "induction_loop") else value
            for name, value in values.items()
        }

    def rooms_wanted(self) -> list[str]:
        """The further rooms, one a line."""
        return [name for line in (self.new_rooms.data or "").split("\n") if (name := line.strip())]

    def validate_new_rooms(self, field: Field) -> None:
        if any(len(name) > LINE for name in self.rooms_wanted()):
            raise ValidationError(
                gettext("Der Name eines Raums kann höchstens %(most)s Zeichen lang sein.", most=LINE)
            )


def venue_form(rooms: Iterable[Room]) -> type[VenueForm]:
    """The form of a venue with a field for each of its rooms."""
    fields = {
        f"room-{room.id}": line(
            _l("Raum „%(name)s“", name=room.name), description=_l("Leer: Der Raum fällt weg.")
        )
        for room in rooms
    }
    return type("VenueForm", (VenueForm,), fields)


def translation_form(found: list[translations.Text], words: Mapping[str, Any]) -> type[EditForm]:
    """A field for each German text."""
    short = {"title", "motto", "kind_label", "speaker_role", "facilitator_role", "contact_hours"}
    fields: dict[str, Any] = {}
    for german in found:
        is_short = german.name in short
        fields[german.field] = (line if is_short else text)(
            words[german.name], most=LINE if is_short else TEXT
        )
    return type("Translation", (EditForm,), fields)


class Confirm(BaseForm):
    """Only a button."""
