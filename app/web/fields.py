"""Fields of the forms in which staff edit, each with sentences of its own for what cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

import flask_babel
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import Email, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from app.web.forms import AtMost, BaseForm, clean

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_SEATS = 10_000
LINE, TEXT = 200, 5000


def _cleaned(field: Field, typed: list[str]) -> list[str]:
    """What was typed as text fields get it; what cannot be read is shown again, and no control character with it."""
    field.raw_data = [clean(value) for value in typed]
    return field.raw_data


class Day(DateField):
    """A day, from the browser's calendar or typed as 25.05.2023."""

    data: Any

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, format=["%Y-%m-%d", "%d.%m.%Y"], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(_cleaned(self, valuelist))
        except ValueError as error:
            raise ValueError(gettext("Dieses Datum gibt es nicht. Zum Beispiel: 25.05.2027")) from error

    def pre_validate(self, form: Any) -> None:
        if self.data and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            raise ValidationError(gettext("Bitte prüfen Sie das Jahr."))


class Clock(TimeField):
    """A time of day, typed as 17:00."""

    data: Any

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, format=["%H:%M", "%H:%M:%S", "%H.%M"], **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(_cleaned(self, valuelist))
        except ValueError as error:
            raise ValueError(gettext("Diese Uhrzeit verstehen wir nicht. Zum Beispiel: 17:00")) from error


class Whole(IntegerField):
    """A whole number from 0, or `least`, on."""

    data: Any
    # A number field of the browser sends nothing at all for what it cannot read: nobody would be told.
    widget = TextInput()

    def __init__(
        self,
        label: Any,
        most: int = MOST_SEATS,
        validators: Iterable[Any] = (),
        least: int = 0,
        **options: Any,
    ) -> None:
        super().__init__(label, list(validators), **options)
        self.least, self.most = least, most

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(_cleaned(self, valuelist))
        except ValueError as error:
            raise ValueError(gettext("Das ist keine ganze Zahl. Zum Beispiel: 12")) from error

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and not self.least <= self.data <= self.most:
            raise ValidationError(
                gettext(
                    "Bitte geben Sie eine Zahl von %(least)s bis %(most)s ein.",
                    least=self.least,
                    most=self.most,
                )
            )


class OneOf(RadioField):
    """One of several, all in sight."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        _refuse_unknown(super().pre_validate, form)


class OneOfMany(SelectField):
    """One of many, in a list that opens."""

    data: Any

    def pre_validate(self, form: Any) -> None:
        _refuse_unknown(super().pre_validate, form)


class SomeOf(SelectMultipleField):
    """Any number of several, as boxes to tick."""

    data: Any
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        _refuse_unknown(super().pre_validate, form)


def _refuse_unknown(check: Any, form: Any) -> None:
    try:
        check(form)
    except ValidationError as error:
        raise ValidationError(gettext("Bitte wählen Sie etwas aus der Liste.")) from error


class Line(StringField):
    """One line of text; never None."""

    data: Any


class Text(TextAreaField):
    """Several lines of text; never None."""

    data: Any


def line(words: Any, *validators: Any, most: int = LINE, **options: Any) -> Line:
    """A field for at most `most` characters."""
    return Line(words, validators=[*validators, AtMost(most)], filters=[_or_empty], **options)


def text(words: Any, *validators: Any, most: int = TEXT, **options: Any) -> Text:
    """The same with room for paragraphs."""
    return Text(words, validators=[*validators, AtMost(most)], filters=[_or_empty], **options)


def _or_empty(value: str | None) -> str:
    return value or ""


class EditForm(BaseForm):
    """A form over something stored: it carries what was stored when it was shown, and can show both side by side."""

    shown = HiddenField()
    beside: list[tuple[Field, str, str]]

    def start(self, shown: str) -> None:
        """Remember what is stored now; only when the page is asked for, not when it is sent."""
        self.beside = []
        if not self.is_submitted():
            self.shown.data = shown

    def compare(self, stored: Mapping[str, Any], shown: str) -> None:
        """Lay what is stored now beside what was typed; sending again then saves what was typed."""
        self.shown.data = shown
        for name, value in stored.items():
            field = self._fields.get(name)
            if field is not None and _or_none(field.data) != _or_none(value):
                self.beside.append((field, in_words(field, field.data), in_words(field, value)))


def in_words(field: Field, value: Any) -> str:
    """A value of a field as one would read it."""
    if isinstance(field, SelectField | SelectMultipleField):
        chosen = value if isinstance(value, list) else [value]
        names = {str(key): str(words) for key, words, *_ in field.iter_choices()}
        value = ", ".join(names.get(str(key), str(key)) for key in chosen if key)
    elif isinstance(value, bool):
        value = gettext("ja") if value else gettext("nein")
    elif isinstance(value, date):
        value = flask_babel.format_date(value, "dd.MM.yyyy")
    elif isinstance(value, time):
        value = f"{value:%H:%M}"
    return str(value) if value not in (None, "") else gettext("(leer)")


def _or_none(value: Any) -> Any:
    """Nothing typed is nothing stored, whatever kind of nothing the field knows."""
    return None if value in ("", []) else value


def email() -> Email:
    """The check of an e-mail address."""
    return Email(_l("Diese E-Mail-Adresse stimmt so nicht. Zum Beispiel: name@beispiel.de"))
