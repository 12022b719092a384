"""Forms in which a household that is registered corrects its contact and its answers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.blueprints.signup.forms import RegistrationForm
from app.domain import secrets
from app.models import Registration
from app.web import languages
from app.web.forms import PICK_ONE, BaseForm, Required, SelectChoice


class OwnContactForm(RegistrationForm):
    """How to reach the household, and in which language; who comes is asked elsewhere."""

    role_group = None  # type: ignore[assignment]  # how WTForms leaves out a field of the class above
    display_name = None  # type: ignore[assignment]  # the same
    organisation = None  # type: ignore[assignment]  # the same
    submission = None  # type: ignore[assignment]  # the same

    language = SelectField(
        _l("In welcher Sprache sollen wir Ihnen schreiben?"),
        validators=[Required(PICK_ONE)],
        choices=lambda: [
            SelectChoice(language.code, language.name) for language in languages.INSTALLED.values()
        ],
    )


class AnswersForm(BaseForm):
    """The conference's own questions; app.web.questions adds them."""


def contact_form(registration: Registration) -> OwnContactForm:
    """The form with what is stored now. Raises VaultLocked."""
    channel = registration.contact_channel.value
    return OwnContactForm(
        data={
            "contact_channel": channel,
            channel: secrets.decrypt(registration.contact),
            "language": registration.language,
        }
    )
