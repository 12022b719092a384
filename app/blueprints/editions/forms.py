"""Forms of publishing results."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Optional, ValidationError

from app.web.fields import Day
from app.web.forms import AtMost, BaseForm

MOST_NOTE = 2000


class Number(HiddenField):
    """A whole number that a form carries along."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0] if valuelist else ""
        self.data = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 8 else None


class FreezeForm(BaseForm):
    """Carries the number of the edition it was opened for: sending it twice publishes one edition."""

    number = Number()
    note = TextAreaField(
        _l("Hinweis zu dieser Ausgabe"),
        [AtMost(MOST_NOTE)],
        description=_l("Steht am Anfang, zum Beispiel was neu ist oder noch fehlt. Ohne Namen von Personen."),
    )
    correction_until = Day(
        _l("Fehler melden bis"),
        validators=[Optional()],
        description=_l(
            "Bis zu diesem Tag bitten Sie darum, Fehler zu melden. Berichtigt wird in der nächsten Ausgabe."
        ),
    )

    def validate_number(self, field: Number) -> None:
        if not field.data:
            raise ValidationError(gettext("Bitte senden Sie das Formular noch einmal ab."))


class RetryForm(BaseForm):
    """Only a button."""
