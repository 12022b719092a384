"""Forms of residents: hand in and change a contribution, show its code, look for others, report one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SearchField, SelectField, StringField, TextAreaField

from app.domain.contributions import MAX_TEXT, Words
from app.models import RESIDENT_KINDS, ContributionKind, ReportReason, Topic, WorkingGroup
from app.web.filters import language_name, passage
from app.web.forms import AtMost, BaseForm, PickOne, Required, SelectChoice, SubmissionForm
from app.web.labels import LABELS

# Languages people in North Rhine-Westphalia write in, the most spoken first, by their own names.
LANGUAGES = {
    "de": "Deutsch",
    "tr": "Türkçe",
    "ar": "العربية",
    "uk": "Українська",
    "ru": "Русский",
    "pl": "Polski",
    "ro": "Română",
    "en": "English",
    "bg": "Български",
    "fa": "فارسی",
    "ku": "Kurdî",
    "sq": "Shqip",
    "sr": "Српски",
    "bs": "Bosanski",
    "hr": "Hrvatski",
    "it": "Italiano",
    "el": "Ελληνικά",
    "es": "Español",
    "fr": "Français",
    "pt": "Português",
    "nl": "Nederlands",
    "hu": "Magyar",
    "mk": "Македонски",
    "ps": "پښتو",
    "so": "Soomaali",
    "ti": "ትግርኛ",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
# BCP 47 for a language that is none of these.
ANOTHER_LANGUAGE = "und"

KIND_DETAILS = {
    ContributionKind.IDEA: _l("Das könnte man machen."),
    ContributionKind.NEED: _l("Das brauchen wir hier."),
    ContributionKind.PROBLEM: _l("Das klappt nicht gut."),
    ContributionKind.PRAISE: _l("Das soll so bleiben."),
    ContributionKind.QUESTION: _l("Das möchte ich wissen."),
}


def languages_of_words(*also: str) -> list[SelectChoice]:
    """What somebody can say the words are written in, each by its own name; `also` adds languages by their codes."""
    known = LANGUAGES | {code: "" for code in also if code not in (*LANGUAGES, ANOTHER_LANGUAGE)}
    return [
        *(SelectChoice(code, _both_names(own, language_name(code))) for code, own in known.items()),
        SelectChoice(ANOTHER_LANGUAGE, _("eine andere Sprache")),
    ]


def _both_names(own: str, name: str) -> str:
    return f"{own} – {name}" if own and own != name else name


class WordsForm(BaseForm):
    """What somebody says. Nothing is asked about whoever says it."""

    text = TextAreaField(
        _l("Was möchten Sie uns sagen?"),
        description=_l(
            "In Ihrer Sprache und mit Ihren Worten, höchstens 3.000 Zeichen. Bitte nennen Sie keine Namen und "
            "Adressen von anderen."
        ),
        validators=[Required(_l("Bitte schreiben Sie uns etwas.")), AtMost(MAX_TEXT)],
    )
    kind = PickOne(
        _l("Was für ein Beitrag ist das?"),
        choices=[SelectChoice(kind.value, LABELS[kind]) for kind in RESIDENT_KINDS],
        default=ContributionKind.IDEA.value,
        validators=[Required(_l("Bitte wählen Sie eine der Möglichkeiten."))],
    )
    language = SelectField(_l("In welcher Sprache haben Sie geschrieben?"), default="de")
    group = SelectField(_l("Passt das zu einer Arbeitsgruppe?"), default="")
    topic = SelectField(_l("Passt das zu einem Thema?"), default="")
    display_name = StringField(
        _l("Wollen Sie einen Namen dazuschreiben?"),
        description=_l("Er wird veröffentlicht. Ein Spitzname oder „eine Mutter aus dem Viertel“ reicht."),
        validators=[AtMost(80)],
    )

    def offer(self, groups: Iterable[WorkingGroup], topics: Iterable[Topic], *also: str) -> None:
        """Offer the languages, and what the conference talks about."""
        self.language.choices = languages_of_words(*also)
        self._groups = {str(group.number): group.id for group in groups}
        self._topics = {str(topic.number): topic.id for topic in topics}
        nothing = SelectChoice("", _("Das weiß ich nicht"))
        self.group.choices = [
            nothing,
            *(SelectChoice(str(group.number), _titled(group.number, group.title)) for group in groups),
        ]
        self.topic.choices = [
            nothing,
            *(SelectChoice(str(topic.number), str(passage(topic.title))) for topic in topics),
        ]

    @property
    def words(self) -> Words:
        """What was typed, once it has been checked."""
        return Words(
            text=self.text.data or "",
            kind=ContributionKind(self.kind.data),
            language=self.language.data,
            working_group_id=self._groups.get(self.group.data or ""),
            topic_id=self._topics.get(self.topic.data or ""),
            display_name=self.display_name.data or "",
        )


class HandInForm(WordsForm, SubmissionForm):
    """Somebody hands in a contribution."""


class CodeForm(BaseForm):
    """The code of a contribution."""

    code = StringField(
        _l("Ihr Code"),
        description=_l("Drei Wörter und eine Zahl. Groß oder klein und Leerzeichen sind egal."),
        validators=[Required(_l("Bitte geben Sie Ihren Code ein.")), AtMost(200)],
    )


class ConfirmForm(BaseForm):
    """One button: withdraw, or forget on this device."""


class ReportForm(SubmissionForm):
    """A reader says what is wrong with a published contribution."""

    reason = PickOne(
        _l("Was stimmt nicht?"),
        choices=[SelectChoice(reason.value, LABELS[reason]) for reason in ReportReason],
        validators=[Required(_l("Bitte wählen Sie eine der Möglichkeiten."))],
    )
    text = TextAreaField(
        _l("Möchten Sie uns mehr dazu sagen?"),
        description=_l("Bitte schreiben Sie keine Namen und nichts über sich selbst."),
        validators=[AtMost(1000)],
    )


class FilterForm(BaseForm):
    """Looks for contributions; sent by GET, so that the result has an address."""

    class Meta(BaseForm.Meta):
        csrf = False

    q = SearchField(_l("Suchwort"))
    thema = SelectField(_l("Thema"), choices=[])
    gruppe = SelectField(_l("Arbeitsgruppe"), choices=[])
    art = SelectField(_l("Art"), choices=[])
    sprache = SelectField(_l("Sprache"), choices=[])


def _titled(number: int, title: Any) -> str:
    return _("%(number)s. %(title)s", number=number, title=passage(title))
