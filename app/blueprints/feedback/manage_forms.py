"""Forms with which staff decide about contributions, enter them, and keep topics and minutes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import Optional

from app.blueprints.feedback.forms import languages_of_words
from app.blueprints.feedback.manage_words import REPLIES, SHELVES
from app.domain.contributions import MAX_TEXT, Words
from app.domain.queries.moderation import Shelf
from app.models import (
    Conference,
    Contribution,
    ContributionChannel,
    ContributionKind,
    RejectionReason,
    Topic,
    TranslatedBy,
    WorkingGroup,
)
from app.web.fields import EditForm, OneOf, OneOfMany, Whole, line, text
from app.web.forms import BaseForm, Required, SelectChoice, SubmissionForm
from app.web.labels import label

# How staff hear of a contribution; over the internet people hand it in by themselves.
CHANNELS = tuple(channel for channel in ContributionChannel if channel is not ContributionChannel.WEB)


def _choices(members: Iterable[Any]) -> list[SelectChoice]:
    return [SelectChoice(member.value, label(member)) for member in members]


def topic_choices(topics: Iterable[Topic]) -> list[SelectChoice]:
    """No topic, or one of these."""
    return [
        SelectChoice("", _("kein Thema")),
        *(SelectChoice(str(topic.id), f"{topic.number}. {topic.title}") for topic in topics),
    ]


def group_choices(groups: Iterable[WorkingGroup]) -> list[SelectChoice]:
    """No group, or one of these."""
    return [
        SelectChoice("", _("keine Arbeitsgruppe")),
        *(SelectChoice(str(group.id), f"AG {group.number}: {group.title}") for group in groups),
    ]


def as_id(value: str | None) -> int | None:
    """The id a choice stands for."""
    return int(value) if value else None


class SearchForm(BaseForm):
    """Looks through one shelf; sent by GET, so that the result has an address."""

    class Meta(BaseForm.Meta):
        csrf = False

    q = line(_l("Worte oder Nummer"), most=120)
    stand = OneOfMany(
        _l("Stand"), choices=lambda: [SelectChoice(shelf.value, str(SHELVES[shelf])) for shelf in Shelf]
    )


class CodeForm(BaseForm):
    """The code somebody reads out on the phone; sent by POST, so that it stands in no address."""

    code = line(_l("Code, den jemand am Telefon vorliest"), most=200)


class Confirm(BaseForm):
    """Only a button."""


class Decision(EditForm):
    """A form of the page on which staff decide; each posts under a name of its own."""

    def offer(self, contribution: Contribution, topics: list[Topic], groups: list[WorkingGroup]) -> None:
        """Fill the choices; most forms have none."""


class Review(Decision):
    """Somebody begins to look at it."""


class Publish(Decision):
    """Show it to everybody."""

    publish_note = line(_l("Notiz zur Veröffentlichung"), most=500)


class Reject(Decision):
    """Do not show it, and say so kindly."""

    reason = OneOf(
        _l("Warum nicht?"),
        choices=lambda: _choices(RejectionReason),
        validators=[Required(_l("Bitte wählen Sie einen Grund."))],
    )
    reply = text(
        _l("Satz für die Person"),
        Required(_l("Bitte schreiben Sie einen Satz für die Person, die den Beitrag abgegeben hat.")),
        most=1000,
        description=_l("Die Person liest ihn mit ihrem Code. Passen Sie ihn gern an."),
    )
    reject_note = line(_l("Notiz zur Ablehnung"), most=500)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all fields; where only the sentence is missing, propose the one that goes with the reason."""
        valid = super().validate(extra_validators)
        if not self.reply.data and not self.reason.errors and self.reason.data:
            self.reply.data = REPLIES[RejectionReason(self.reason.data)]
            self.reply.errors = [
                _(
                    "Wir haben einen Satz vorgeschlagen. Bitte lesen Sie ihn und drücken Sie noch einmal auf den Knopf."
                )
            ]
        return valid


class Forward(Decision):
    """Give it to an office that can act at once."""

    office = line(
        _l("An welche Stelle?"),
        Required(_l("Bitte nennen Sie die Stelle, die sich darum kümmern soll.")),
        description=_l("Die Stelle, nicht der Name. Zum Beispiel: Tiefbauamt."),
    )
    forward_reply = text(_l("Satz an die Person zur Weitergabe"), most=1000)
    forward_note = line(_l("Notiz zur Weitergabe"), most=500)


class Duplicate(Decision):
    """It says the same as another one."""

    original = Whole(
        _l("Nummer des gleichen Beitrags"),
        most=10_000_000,
        validators=[Required(_l("Bitte nennen Sie die Nummer des anderen Beitrags."))],
    )
    duplicate_note = line(_l("Notiz zum gleichen Beitrag"), most=500)


class Arrange(Decision):
    """Group and topic."""

    topic = OneOfMany(_l("Thema"))
    group = OneOfMany(_l("Arbeitsgruppe"))

    def offer(self, contribution: Contribution, topics: list[Topic], groups: list[WorkingGroup]) -> None:
        self.topic.choices, self.group.choices = topic_choices(topics), group_choices(groups)


class Translate(Decision):
    """A German translation beside the words."""

    german = text(_l("Deutsche Übersetzung"), most=2 * MAX_TEXT)
    german_by = OneOf(
        _l("Wer hat übersetzt?"),
        choices=lambda: _choices(TranslatedBy),
        default=TranslatedBy.HUMAN.value,
        validators=[Required()],
    )
    german_reviewed = BooleanField(_l("Ein Mensch hat die Übersetzung geprüft"))


class Answer(Decision):
    """An answer for everybody."""

    answer = text(
        _l("Antwort für alle"),
        most=MAX_TEXT,
        description=_l("In einfachen Worten: Was wird daraus, und wer tut es?"),
    )


class Reports(Decision):
    """Staff have looked at what readers reported."""


class _Entry(BaseForm):
    """What stands on a card, and where it belongs."""

    text = text(
        _l("Was steht auf der Karte?"),
        Required(_l("Bitte tippen Sie ab, was auf der Karte steht.")),
        most=MAX_TEXT,
    )
    kind = OneOfMany(_l("Art"), choices=lambda: _choices(ContributionKind))
    group = OneOfMany(_l("Arbeitsgruppe"))
    topic = OneOfMany(_l("Thema"))
    language = OneOfMany(_l("Sprache"))
    display_name = line(_l("Name, der dabeistehen soll"), most=80)

    def offer(self, conference: Conference, topics: list[Topic], *kept: str) -> None:
        """Offer groups and topics of the conference, and languages; `kept` are chosen already."""
        self.topic.choices, self.group.choices = topic_choices(topics), group_choices(conference.groups)
        self.language.choices = languages_of_words(*kept)

    @property
    def words(self) -> Words:
        """What was typed, for the domain."""
        return Words(
            self.text.data,
            kind=ContributionKind(self.kind.data),
            language=self.language.data,
            working_group_id=as_id(self.group.data),
            topic_id=as_id(self.topic.data),
            display_name=self.display_name.data,
        )


class Card(SubmissionForm, _Entry):
    """A new card, call or letter."""

    channel = OneOfMany(_l("Woher?"), choices=lambda: _choices(CHANNELS))
    publish_now = BooleanField(_l("Gleich veröffentlichen"))


class CorrectCard(EditForm, _Entry):
    """One that was entered already."""


class TopicForm(EditForm):
    """A topic."""

    title = line(_l("Thema"), Required(_l("Bitte geben Sie ein Thema ein.")))
    summary = text(
        _l("Worum geht es?"), most=2000, description=_l("In ein, zwei Sätzen. Steht auf der Seite.")
    )
    group = OneOfMany(_l("Arbeitsgruppe"))

    def offer(self, conference: Conference) -> None:
        """Offer the groups of the conference."""
        self.group.choices = [SelectChoice("", _("über alle Gruppen")), *group_choices(conference.groups)[1:]]

    def take(self) -> dict[str, Any]:
        """The attributes of the topic."""
        return {
            "title": self.title.data,
            "summary": self.summary.data,
            "working_group_id": as_id(self.group.data),
        }


class MinutesForm(EditForm):
    """What a group wrote down in one round."""

    participants = Whole(
        _l("Wie viele Menschen saßen am Tisch?"),
        validators=[Optional()],
        description=_l("Leer: Niemand hat gezählt."),
    )
    main_points = text(
        _l("Die wichtigsten Punkte"),
        most=10_000,
        description=_l("Einer in jeder Zeile. Ohne Namen von Personen."),
    )
    signed_off = BooleanField(_l("Wer die Gruppe geleitet hat, ist einverstanden"))

    def take(self) -> dict[str, Any]:
        """The attributes of the minutes."""
        return {
            "participants": self.participants.data,
            "main_points": self.main_points.data,
            "signed_off": self.signed_off.data,
        }
