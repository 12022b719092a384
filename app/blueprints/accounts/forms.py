"""Forms of signing in, invitations and passwords."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import ValidationError

from app.domain import staff
from app.web.forms import AtMost, BaseForm, Required

# Longer ones would only keep the machine busy.
MAX_PASSWORD = 200
MAX_KEPT = 500_000


class SignInForm(BaseForm):
    email = EmailField(
        _l("E-Mail-Adresse"),
        validators=[Required(_l("Bitte geben Sie Ihre E-Mail-Adresse ein.")), AtMost(254)],
    )
    password = PasswordField(
        _l("Passwort"), validators=[Required(_l("Bitte geben Sie Ihr Passwort ein.")), AtMost(MAX_PASSWORD)]
    )
    # An address that is too long leads to the dashboard, like any other that leads nowhere.
    weiter = HiddenField()
    # What was typed into a form whose session had ended, as pairs in JSON.
    angefangen = HiddenField(validators=[AtMost(MAX_KEPT)])


class SignOutForm(BaseForm):
    """Only the token."""


class _NewPasswordForm(BaseForm):
    password = PasswordField(
        _l("Neues Passwort"),
        validators=[Required(_l("Bitte wählen Sie ein Passwort.")), AtMost(MAX_PASSWORD)],
    )
    repeat = PasswordField(
        _l("Neues Passwort noch einmal"),
        validators=[Required(_l("Bitte geben Sie das Passwort noch einmal ein.")), AtMost(MAX_PASSWORD)],
    )

    def validate_password(self, field: PasswordField) -> None:
        if field.data and len(field.data) < staff.MIN_PASSWORD:
            raise ValidationError(
                gettext(
                    "Das Passwort ist zu kurz. Bitte nehmen Sie mindestens %(minimum)s Zeichen.",
                    minimum=staff.MIN_PASSWORD,
                )
            )

    def validate_repeat(self, field: PasswordField) -> None:
        if field.data and field.data != self.password.data:
            raise ValidationError(
                gettext("Die beiden Passwörter sind verschieden. Bitte geben Sie sie neu ein.")
            )


class InvitationForm(_NewPasswordForm):
    name = StringField(
        _l("Ihr Name oder Ihre Funktion"),
        validators=[
            Required(_l("Bitte geben Sie an, wie Sie in der Anwendung heißen sollen.")),
            AtMost(200),
        ],
    )


class ChangePasswordForm(_NewPasswordForm):
    current = PasswordField(
        _l("Jetziges Passwort"),
        validators=[Required(_l("Bitte geben Sie Ihr jetziges Passwort ein.")), AtMost(MAX_PASSWORD)],
    )
