"""Forms in which a household that is registered corrects its contact and its answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from app.blueprints.signup.forms import RegistrationForm
from app.domain import contact, editing, questions
from app.models import ContactChannel, Question, Registration
from app.web import languages
from app.web import questions as web_questions
from app.web.fields import EditForm
from app.web.forms import PICK_ONE, Required, SelectChoice


class OwnContactForm(EditForm, RegistrationForm):
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


class AnswersForm(EditForm):
    """The conference's own questions; app.web.questions adds them."""

    def compare_answers(self, asked: Sequence[Question], stored: Mapping[int, Any], shown: str) -> None:
        """Lay the answers that are `stored` now beside what was typed; sending again then saves what was typed."""
        self.shown.data = shown
        spoken = languages.current().code
        typed = web_questions.answers(self)
        for question in asked:
            field = self._fields.get(questions.field_of(question))
            words = [
                ", ".join(map(str, web_questions.in_words(question, given[question.id], spoken)))
                if question.id in given
                else _("(leer)")
                for given in (typed, stored)
            ]
            if field is not None and typed.get(question.id) != stored.get(question.id):
                self.beside.append((field, words[0], words[1]))


def contact_form(registration: Registration) -> OwnContactForm:
    """The form with what is stored now. Raises VaultLocked."""
    values, shown = stored_contact(registration)
    form = OwnContactForm(data=values)
    form.start(shown)
    return form


def stored_contact(registration: Registration) -> tuple[dict[str, str], str]:
    """What is stored now, as it stands in the fields, and the mark of it."""
    values = contact.values(registration)
    ways = {way.value: "" for way in ContactChannel if way is not ContactChannel.NONE}
    if values["contact"]:
        ways[values["contact_channel"]] = values["contact"]
    fields = {"contact_channel": values["contact_channel"], **ways, "language": values["language"]}
    return fields, editing.seen(values)
