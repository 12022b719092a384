"""Forms of the pages about messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from app.domain import message_texts
from app.domain.mailings import Audience
from app.models import MessageWay, RoleGroup
from app.web import languages
from app.web.fields import EditForm, SomeOf, line, text
from app.web.forms import BaseForm
from app.web.labels import label

MOST_NOTE = 1500


class OutboxFilter(BaseForm):
    """Which messages to list; read from the address."""

    class Meta(BaseForm.Meta):
        csrf = False

    stand = SelectField(_l("Stand"), choices=[], validate_choice=False)
    weg = SelectField(_l("Weg"), choices=[], validate_choice=False)
    art = SelectField(_l("Nachricht"), choices=[], validate_choice=False)


class RecipientFilter(BaseForm):
    """With whose registration to look at a message; read from the address."""

    class Meta(BaseForm.Meta):
        csrf = False

    an = SelectField(_l("Ansehen wie"), choices=[], validate_choice=False)


class TextForm(EditForm):
    """Subject and text of one kind in one language. What is missing or unfit is told by the domain, with the list."""

    subject = line(_l("Betreff"), most=message_texts.MOST_SUBJECT)
    body = text(_l("Text"), most=message_texts.MOST_BODY)


class MailingForm(EditForm):
    """Who gets a mailing; a field for what is added, in each language of the conference, comes to it."""

    waiting = BooleanField(_l("Auch an Personen auf der Warteliste"))
    groups = SomeOf(
        _l("Nur diese Arbeitsgruppen"), coerce=int, description=_l("Nichts ausgewählt heißt: alle.")
    )
    spoken = SomeOf(_l("Nur diese Sprachen"), description=_l("Nichts ausgewählt heißt: alle."))
    roles = SomeOf(_l("Nur diese Personen"), description=_l("Nichts ausgewählt heißt: alle."))
    ways = SomeOf(
        _l("Wege"),
        description=_l("Ein Brief wartet auf den Drucker. Ein Anruf wird eine Aufgabe für das Team."),
    )

    @property
    def audience(self) -> Audience:
        """Who is meant."""
        return Audience(
            waiting=self.waiting.data,
            groups=tuple(self.groups.data or ()),
            languages=tuple(self.spoken.data or ()),
            roles=tuple(RoleGroup(value) for value in self.roles.data or ()),
            ways=tuple(MessageWay(value) for value in self.ways.data or ()),
        )

    @property
    def note(self) -> dict[str, str]:
        """What is added, by language."""
        return {
            name.removeprefix("note_").replace("_", "-"): field.data
            for name, field in self._fields.items()
            if name.startswith("note_")
        }

    @property
    def notes(self) -> list[Any]:
        """The fields of what is added."""
        return [field for name, field in self._fields.items() if name.startswith("note_")]


def mailing_form(spoken: Iterable[languages.Language]) -> type[MailingForm]:
    """A form with a note in each of these languages, German first."""
    fields = {}
    for language in spoken:
        words = (
            _l("Ihr Hinweis für dieses Mal")
            if language is languages.GERMAN
            else _l("Ihr Hinweis auf %(language)s", language=language.name)
        )
        fields[f"note_{language.code.replace('-', '_')}"] = text(words, most=MOST_NOTE)
    return type("MailingForm", (MailingForm,), fields)


def choices_of(members: Iterable[Any]) -> list[tuple[str, str]]:
    """Choices for these enum members."""
    return [(member.value, label(member)) for member in members]
