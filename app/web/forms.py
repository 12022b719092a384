"""BaseForm: one way to clean, check, reject and show again what somebody typed."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Any

from flask import request
from flask_babel import get_translations, gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, HiddenField, RadioField, SearchField, StringField, TelField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, StopValidation, ValidationError

from app.domain.errors import DomainError, StepLacks

__all__ = [
    "PICK_ONE",
    "AtMost",
    "BaseForm",
    "PickOne",
    "Required",
    "SelectChoice",
    "SubmissionForm",
    "clean",
    "new_submission",
    "one_line",
]

PICK_ONE = _l("Bitte wählen Sie eine der Möglichkeiten.")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ONE_LINE = (StringField, EmailField, TelField, SearchField)
# Unicode categories of signs nobody sees: formats, controls, separators.
_INVISIBLE = ("Cc", "Cf", "Zl", "Zp", "Zs")


_NO_NUMBER = _l("Das ist keine Zahl. Zum Beispiel: 12")

# What WTForms says by itself, in our words; our fields and checks bring sentences of their own.
_OF_WTFORMS: dict[str, Any] = {
    "This field is required.": _l("Bitte füllen Sie dieses Feld aus."),
    "Not a valid choice.": PICK_ONE,
    "Invalid Choice: could not coerce.": PICK_ONE,
    "Invalid choice(s): one or more data inputs could not be coerced.": PICK_ONE,
    "'%(value)s' is not a valid choice for this field.": PICK_ONE,
    "'%(value)s' are not valid choices for this field.": PICK_ONE,
    "Not a valid integer value.": _l("Das ist keine ganze Zahl. Zum Beispiel: 12"),
    "Not a valid decimal value.": _NO_NUMBER,
    "Not a valid float value.": _NO_NUMBER,
    "Not a valid date value.": _l("Dieses Datum gibt es nicht. Zum Beispiel: 25.05.2027"),
    "Not a valid week value.": _l("Dieses Datum gibt es nicht. Zum Beispiel: 25.05.2027"),
    "Not a valid datetime value.": _l("Dieses Datum gibt es nicht. Zum Beispiel: 25.05.2027"),
    "Not a valid time value.": _l("Diese Uhrzeit verstehen wir nicht. Zum Beispiel: 17:00"),
}


class _Translations:
    """Lets WTForms' own sentences come in our words and from our catalogue."""

    def gettext(self, string: str) -> str:
        ours = _OF_WTFORMS.get(string)
        return gettext(string) if ours is None else str(ours)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        ours = _OF_WTFORMS.get(singular if n == 1 else plural)
        if ours is not None:
            return str(ours)
        # Not Flask-Babel's: that one fills in the values, which only WTForms knows.
        return str(get_translations().ungettext(singular, plural, n))


class BaseForm(FlaskForm):
    """A form whose errors are shown on the same page with everything typed kept."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Translations:
            return _Translations()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            # Flask-WTF would also read a body of JSON: numbers, lists and half characters that no form can send.
            if formdata is _Auto and not request.files and not request.form:
                return None
            # Here and not in a filter: fields for numbers and dates show what was typed as it came.
            sent = super().wrap_formdata(form, formdata)
            if sent is None:
                return None
            return MultiDict(
                (name, _CONTROL.sub("", value) if isinstance(value, str) else value)
                for name, value in sent.items(multi=True)
            )

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            filters = list(unbound_field.kwargs.get("filters", ()))
            # Only a text area has lines; a title with a line break could pass for two.
            tidy = one_line if unbound_field.field_class in _ONE_LINE else clean
            options["filters"] = [tidy, *filters]
            return unbound_field.bind(form=form, **{**options, "filters": options["filters"]})

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all fields. A lost or expired session costs one more press of the button, nothing that was typed."""
        valid: bool = super().validate(extra_validators)
        token = self._fields.get("csrf_token")
        if token is not None and token.errors:
            token.errors = [
                gettext(
                    "Diese Seite war lange offen oder das Cookie fehlt. Bitte senden Sie das Formular noch einmal ab."
                )
            ]
        return valid

    def reject(self, error: DomainError) -> None:
        """Show what the domain refused: at its field, else at the head of the form; of several things each."""
        if isinstance(error, StepLacks):
            for gap in error.missing:
                self._refuse(gap.field, str(gap.sentence))
        else:
            self._refuse(error.field, str(error))

    def _refuse(self, name: str | None, sentence: str) -> None:
        field = self._fields.get(name or "")
        if field is not None:
            field.errors = [*field.errors, sentence]
        else:
            self.form_errors.append(sentence)

    @property
    def status(self) -> int:
        """HTTP status of the page that shows this form: 422 when something is wrong with it."""
        return 422 if self.errors or self.form_errors else 200


def new_submission() -> str:
    """A random id for one form."""
    return secrets.token_urlsafe(24)


class SubmissionForm(BaseForm):
    """A form that creates something: it carries a random id of its own, so that sending it twice creates one."""

    submission = HiddenField(default=new_submission)

    def validate_submission(self, field: HiddenField) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]{16,64}", field.data or ""):
            field.data = new_submission()
            raise ValidationError(gettext("Bitte senden Sie das Formular noch einmal ab."))


def clean(value: Any) -> Any:
    """Trim text, unify line ends and drop control characters no keyboard makes."""
    if isinstance(value, str):
        return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return value


def one_line(value: Any) -> Any:
    """The same for a field of one line: each run of blanks or line ends is one blank."""
    return " ".join(clean(value).split()) if isinstance(value, str) else value


class Required(InputRequired):
    """Something must be typed that can be seen; says so in a sentence."""

    def __init__(self, message: Any = None) -> None:
        super().__init__(message or _l("Bitte füllen Sie dieses Feld aus."))

    def __call__(self, form: Any, field: Any) -> None:
        super().__call__(form, field)
        typed = field.data
        if isinstance(typed, str) and all(unicodedata.category(sign) in _INVISIBLE for sign in typed):
            raise StopValidation(str(self.message))


class AtMost:
    """Not longer than `most` characters; the browser is told as well."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, form: Any, field: Any) -> None:
        length = len(field.data or "")
        if length > self.most:
            raise ValidationError(
                gettext(
                    "Das ist zu lang: %(length)s Zeichen. Möglich sind höchstens %(most)s. Bitte kürzen Sie den Text.",
                    length=length,
                    most=self.most,
                )
            )


class PickOne(RadioField):
    """One of several; what was not offered is refused in a sentence."""

    choices: Any

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in [choice.value for choice in self.choices]:
            self.data = None
            raise ValidationError(str(PICK_ONE))
