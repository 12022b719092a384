"""Forms for the settings and the team of a host."""

from __future__ import annotations

import re
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    ColorField,
    DateField,
    EmailField,
    RadioField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from app.domain import hosts
from app.models import Host, StaffRole, Translated
from app.web import languages
from app.web.forms import AtMost, BaseForm, Required, SelectChoice
from app.web.labels import label

LONG_TEXT = 5000
# Settings that are written in several languages.
TRANSLATED = ("phone_hours", "welcome")


def _email_is_fit(form: BaseForm, field: EmailField) -> None:
    if not field.data:
        return
    try:
        validate_email(field.data, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValidationError(
            _("Diese E-Mail-Adresse stimmt so nicht. Bitte prüfen Sie sie, zum Beispiel: name@beispiel.de")
        ) from error


class _Day(DateField):
    """A date that says in German what is wrong with it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Das ist kein Datum. Bitte schreiben Sie es so: 2026-03-31")) from error


class _SettingsForm(BaseForm):
    """All settings of a host but those in several languages."""

    name = StringField(
        _l("Name der Stadt oder Einrichtung"),
        validators=[Required(_l("Bitte geben Sie einen Namen ein.")), AtMost(200)],
    )
    street = StringField(_l("Straße und Hausnummer"), validators=[AtMost(200)])
    postal_code = StringField(_l("Postleitzahl"), validators=[AtMost(10)])
    city = StringField(_l("Ort"), validators=[AtMost(200)])
    phone = TelField(_l("Telefon"), validators=[AtMost(60)])
    email = EmailField(_l("E-Mail"), validators=[AtMost(254), _email_is_fit])
    represented_by = StringField(_l("Vertreten durch"), validators=[AtMost(300)])
    responsible_role = StringField(_l("Zuständige Stelle"), validators=[AtMost(200)])
    vat_id = StringField(_l("Umsatzsteuer-Identifikationsnummer"), validators=[AtMost(30)])
    supervisory_authority = StringField(_l("Aufsichtsbehörde"), validators=[AtMost(300)])
    dpo_contact = TextAreaField(_l("Datenschutzbeauftragte Stelle"), validators=[AtMost(LONG_TEXT)])
    accessibility_contact = TextAreaField(
        _l("Kontakt für Fragen zur Barrierefreiheit"), validators=[AtMost(LONG_TEXT)]
    )
    accessibility_gaps = TextAreaField(_l("Was noch nicht barrierefrei ist"), validators=[AtMost(LONG_TEXT)])
    accessibility_reviewed_on = _Day(_l("Zuletzt geprüft am"), validators=[Optional()])
    accent_colour = ColorField(_l("Farbe für Kopf und Knöpfe"), validators=[InputRequired()])
    logo = FileField(_l("Logo"))
    remove_logo = BooleanField(_l("Logo entfernen"))

    def validate_accent_colour(self, field: ColorField) -> None:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", field.data or ""):
            raise ValidationError(
                _("Das ist keine Farbe, die wir lesen können. Bitte wählen Sie eine, zum Beispiel: #00615a")
            )

    @property
    def settings(self) -> dict[str, Any]:
        """What was typed, for hosts.set_up()."""
        typed = {name: self[name].data for name in hosts.SETTINGS if name not in TRANSLATED}
        for name in TRANSLATED:
            typed[name] = Translated(
                {
                    language.code: self[f"{name}_{language.code}"].data or ""
                    for language in languages.INSTALLED.values()
                }
            )
        return typed


def settings_form(host: Host) -> Any:
    """The form with the present settings of `host`, texts in all languages included."""
    fields: dict[str, Any] = {}
    values = {name: getattr(host, name) for name in hosts.SETTINGS if name not in TRANSLATED}
    for language in languages.INSTALLED.values():
        fields[f"phone_hours_{language.code}"] = StringField(
            _("Sprechzeiten (%(language)s)", language=language.name), validators=[AtMost(200)]
        )
        fields[f"welcome_{language.code}"] = TextAreaField(
            _("Begrüßung auf der Startseite (%(language)s)", language=language.name),
            validators=[AtMost(LONG_TEXT)],
        )
        for name in TRANSLATED:
            values[f"{name}_{language.code}"] = getattr(host, name).get(language.code, "")
    return type("SettingsForm", (_SettingsForm,), fields)(data=values)


class InviteForm(BaseForm):
    email = EmailField(
        _l("E-Mail-Adresse"),
        validators=[Required(_l("Bitte geben Sie die E-Mail-Adresse ein.")), AtMost(254)],
    )
    name = StringField(_l("Name oder Funktion"), validators=[AtMost(200)])
    role = RadioField(
        _l("Was darf die Person?"),
        validators=[InputRequired(_l("Bitte wählen Sie, was die Person darf."))],
        choices=lambda: [
            SelectChoice(role.value, label(role))
            for role in (StaffRole.HELPER, StaffRole.ORGANIZER, StaffRole.HOST_ADMIN)
        ],
    )


class ConfirmForm(BaseForm):
    """Only the token."""
