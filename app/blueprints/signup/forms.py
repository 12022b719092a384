"""Forms of residents: who registers and how to reach them, the code, one button alone."""

from __future__ import annotations

import re
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from app.models import ContactChannel, RoleGroup
from app.web.forms import AtMost, BaseForm, PickOne, Required, SelectChoice, SubmissionForm
from app.web.labels import LABELS


class RegistrationForm(SubmissionForm):
    """A resident registers; only the role is asked of everybody."""

    role_group = PickOne(
        _l("Als wer kommen Sie?"),
        choices=[SelectChoice(role.value, LABELS[role]) for role in RoleGroup],
        validators=[Required(_l("Bitte wählen Sie, als wer Sie kommen."))],
    )
    display_name = StringField(
        _l("Wie dürfen wir Sie nennen?"),
        description=_l("Ein Vorname oder ein Spitzname reicht."),
        validators=[AtMost(120)],
    )
    organisation = StringField(
        _l("Für wen kommen Sie?"),
        description=_l(
            "Nur wenn Sie für eine Einrichtung, einen Verein, eine Partei oder eine Zeitung kommen."
        ),
        validators=[AtMost(200)],
    )
    contact_channel = PickOne(
        _l("Wie sollen wir Sie erreichen?"),
        description=_l("Zum Beispiel, wenn Sie von der Warteliste nachrücken oder sich der Termin ändert."),
        choices=[SelectChoice(channel.value, LABELS[channel]) for channel in ContactChannel],
    )
    email = StringField(_l("Ihre E-Mail-Adresse"), description=_l("Zum Beispiel: name@beispiel.de"))
    phone = StringField(_l("Ihre Telefonnummer"), description=_l("Zum Beispiel: 02000 123456"))
    post = TextAreaField(
        _l("Ihre Anschrift"), description=_l("Name, Straße und Hausnummer, Postleitzahl und Ort")
    )

    @property
    def channel(self) -> ContactChannel:
        """The way that was chosen; without a choice the one that was filled in, if it is one."""
        if self.contact_channel.data:
            return ContactChannel(self.contact_channel.data)
        filled = [channel for channel, field in self._ways().items() if field.data]
        return filled[0] if len(filled) == 1 else ContactChannel.NONE

    @property
    def contact(self) -> str:
        """What was typed for the chosen way; what was typed for others is not kept."""
        field = self._ways().get(self.channel)
        return field.data or "" if field is not None else ""

    def validate_email(self, field: StringField) -> None:
        AtMost(254)(None, field)
        if self._is_chosen(field):
            _need(field, _("Bitte geben Sie Ihre E-Mail-Adresse ein, oder wählen Sie „gar nicht“."))
            try:
                field.data = validate_email(field.data or "", check_deliverability=False).normalized
            except EmailNotValidError as error:
                raise ValidationError(
                    _(
                        "Diese E-Mail-Adresse stimmt so nicht. Bitte prüfen Sie sie, zum Beispiel: name@beispiel.de"
                    )
                ) from error

    def validate_phone(self, field: StringField) -> None:
        AtMost(60)(None, field)
        if self._is_chosen(field):
            _need(field, _("Bitte geben Sie Ihre Telefonnummer ein, oder wählen Sie „gar nicht“."))
            typed = field.data or ""
            digits = sum(sign.isdecimal() for sign in typed)
            if digits < 5 or re.search(r"[^\d\s+()/.\-–]", typed):
                raise ValidationError(
                    _("Diese Telefonnummer stimmt so nicht. Bitte prüfen Sie sie, zum Beispiel: 02000 123456")
                )

    def validate_post(self, field: TextAreaField) -> None:
        AtMost(500)(None, field)
        if self._is_chosen(field):
            _need(field, _("Bitte geben Sie Ihre Anschrift ein, oder wählen Sie „gar nicht“."))

    def _ways(self) -> dict[ContactChannel, Any]:
        return {
            ContactChannel.EMAIL: self.email,
            ContactChannel.PHONE: self.phone,
            ContactChannel.POST: self.post,
        }

    def _is_chosen(self, field: Any) -> bool:
        return self._ways().get(self.channel) is field


class CodeForm(BaseForm):
    """The code of a registration."""

    code = StringField(
        _l("Ihr Code"),
        description=_l("Drei Wörter und eine Zahl. Groß oder klein und Leerzeichen sind egal."),
        validators=[Required(_l("Bitte geben Sie Ihren Code ein.")), AtMost(200)],
    )


class ConfirmForm(BaseForm):
    """One button: cancel, or forget on this device."""


def _need(field: Any, sentence: str) -> None:
    if not field.data:
        raise ValidationError(sentence)
