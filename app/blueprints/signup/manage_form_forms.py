"""The forms in which staff set up what a registration asks, and the rules of seats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field
from wtforms.validators import Optional, ValidationError

from app.domain import consents, questionnaire, seat_rules, support_offers
from app.domain.errors import ConditionUnfit
from app.domain.form_texts import FormText
from app.models import ConsentPurpose, GroupChoice, NeedKind, Question, QuestionKind, RoleGroup, Translated
from app.web.fields import LINE, Day, EditForm, OneOf, SomeOf, Whole, line, text
from app.web.forms import BaseForm, Required, SelectChoice
from app.web.labels import label

MOST_NUMBER = 999_999_999
MOST_DAYS = 3650
MOST_PLACES = 100_000
_LABEL, _HELP, _OPTION, _WORDS = 300, 1000, 150, 3000

# What staff can begin with; it asks for nothing that is not done.
SUGGESTED: dict[ConsentPurpose, Any] = {
    ConsentPurpose.PHOTO_DOCUMENTATION: _l(
        "Ich bin einverstanden, dass ich auf Fotos zu sehen bin, die in der Dokumentation der Konferenz stehen."
    ),
    ConsentPurpose.PHOTO_PRESS: _l(
        "Ich bin einverstanden, dass Fotos, auf denen ich zu sehen bin, an die Presse gegeben werden."
    ),
    ConsentPurpose.PHOTO_WEBSITE: _l(
        "Ich bin einverstanden, dass Fotos, auf denen ich zu sehen bin, im Internet stehen."
    ),
    ConsentPurpose.NEWSLETTER: _l(
        "Ich möchte Neuigkeiten zum Thema der Konferenz bekommen, auf dem Weg, den ich oben angegeben habe."
    ),
    ConsentPurpose.CONTACT_LATER: _l(
        "Ich möchte zu späteren Konferenzen eingeladen werden. Dafür darf meine Adresse gespeichert bleiben."
    ),
}


class QuestionForm(EditForm):
    """One question of the conference's own."""

    label = line(_l("Wie lautet die Frage?"), Required(_l("Bitte schreiben Sie die Frage auf.")), most=_LABEL)
    help = text(
        _l("Hilfe"), most=_HELP, description=_l("Ein Satz unter der Frage: wozu Sie fragen, ein Beispiel.")
    )
    kind = OneOf(
        _l("Wie antwortet man?"),
        choices=[SelectChoice(kind.value, label(kind)) for kind in QuestionKind],
        default=QuestionKind.SINGLE.value,
        validators=[Required()],
    )
    options = text(
        _l("Antworten zur Auswahl"),
        most=_OPTION * 60,
        description=_l(
            "Jede in einer eigenen Zeile. Ändern Sie eine Zeile nur in der Schreibweise: "
            "Wer sie gewählt hat, hat dann die neuen Worte gewählt. Für etwas anderes schreiben Sie eine neue Zeile."
        ),
    )
    least = Whole(
        _l("Kleinste Zahl"),
        most=MOST_NUMBER,
        validators=[Optional()],
        description=_l("Leer: keine Grenze nach unten."),
    )
    most = Whole(
        _l("Größte Zahl"),
        most=MOST_NUMBER,
        validators=[Optional()],
        description=_l("Leer: keine Grenze nach oben."),
    )
    is_required = BooleanField(
        _l("Muss beantwortet werden"),
        description=_l("Nur wenn die Anmeldung ohne die Antwort nicht geht."),
    )
    is_on = BooleanField(
        _l("Wird gefragt"),
        default=True,
        description=_l(
            "Ohne Haken sieht die Frage niemand. Antworten von vorher bleiben bis zur Löschfrist."
        ),
    )
    shown_if = SomeOf(_l("Nur fragen, wenn vorher eine dieser Antworten gegeben wurde"))
    retention_days = Whole(
        _l("Antworten löschen nach"),
        most=MOST_DAYS,
        default=90,
        validators=[Required()],
        description=_l("Tage nach der Konferenz."),
    )

    def offer(self, before: Iterable[Question]) -> None:
        """Offer the answers of the questions that stand before as conditions."""
        self.shown_if.choices = [
            SelectChoice(
                f"{other.id}:{option['key']}",
                _("%(question)s → %(option)s", question=other.label, option=Translated(option["label"])),
            )
            for other in before
            if other.kind in questionnaire.DECIDING
            for option in other.options
        ]

    @staticmethod
    def put(values: Mapping[str, Any]) -> dict[str, Any]:
        """The stored values as they stand in the fields."""
        return {
            **values,
            "kind": values["kind"].value,
            "options": "\n".join(values["options"]),
            "shown_if": [f"{values['shown_if_id']}:{key}" for key in values["shown_if_options"]],
        }

    def take(self) -> dict[str, Any]:
        """What is wanted. Raises ConditionUnfit for answers of several questions."""
        chosen = [choice.partition(":") for choice in self.shown_if.data or ()]
        others = {int(other) for other, _colon, _key in chosen}
        if len(others) > 1:
            raise ConditionUnfit
        plain = ("label", "help", "is_on", "is_required", "least", "most", "retention_days")
        return {name: self[name].data for name in plain} | {
            "kind": QuestionKind(self.kind.data),
            "options": self.lines(),
            "shown_if_id": others.pop() if others else None,
            "shown_if_options": [key for _other, _colon, key in chosen],
        }

    def lines(self) -> list[str]:
        """The options, one a line."""
        return [words for typed in (self.options.data or "").split("\n") if (words := typed.strip())]

    def validate_options(self, field: Field) -> None:
        if any(len(words) > _OPTION for words in self.lines()):
            raise ValidationError(_("Eine Antwort kann höchstens %(most)s Zeichen lang sein.", most=_OPTION))


class RulesForm(EditForm):
    """Places in all, places kept, and what happens when there are none left."""

    capacity = Whole(
        _l("Plätze insgesamt"),
        most=MOST_PLACES,
        validators=[Optional()],
        description=_l("Leer: Es dürfen alle kommen."),
    )
    walk_in_quota = Whole(
        _l("Ohne Anmeldung"),
        most=MOST_PLACES,
        validators=[Optional()],
        description=_l("Für Menschen, die am Tag selbst kommen."),
    )
    has_queue = BooleanField(
        _l("Es gibt eine Warteliste für die Konferenz"),
        description=_l(
            "Ohne Haken kann sich niemand mehr anmelden, wenn alle Plätze vergeben sind. "
            "Wer schon wartet, wartet weiter und rückt nach wie bisher."
        ),
    )
    makes_offers = OneOf(
        _l("Ein Platz wird frei: Was bekommt, wer als Nächstes dran ist?"),
        choices=[
            SelectChoice("no", _l("Den Platz, sofort, mit einer Nachricht")),
            SelectChoice("yes", _l("Ein Angebot, das eine Frist hat")),
        ],
        validators=[Required()],
    )
    # Asked only when offers are open and shall be no more.
    settle = BooleanField(_l("Ja, die angebotenen Plätze gleich vergeben und Bescheid geben"))
    offer_hours = Whole(
        _l("Frist für ein Angebot"),
        most=seat_rules.MOST_HOURS,
        validators=[Required()],
        description=_l("Stunden. Wer nur ein Telefon hat: Die Frist beginnt mit dem Anruf."),
    )
    group_choice = OneOf(
        _l("Wie kommt man in eine Arbeitsgruppe?"),
        choices=[SelectChoice(choice.value, label(choice)) for choice in GroupChoice],
        validators=[Required()],
    )

    @staticmethod
    def put(values: Mapping[str, Any]) -> dict[str, Any]:
        """The stored values as they stand in the fields."""
        return {
            **values,
            "makes_offers": "yes" if values["makes_offers"] else "no",
            "group_choice": values["group_choice"].value,
        }

    def take(self) -> dict[str, Any]:
        """What is wanted."""
        kept = {seat_rules.kept_of(role): self[seat_rules.kept_of(role)].data or 0 for role in RoleGroup}
        return kept | {
            "capacity": self.capacity.data,
            "walk_in_quota": self.walk_in_quota.data or 0,
            "has_queue": self.has_queue.data,
            "makes_offers": self.makes_offers.data == "yes",
            "offer_hours": self.offer_hours.data,
            "group_choice": GroupChoice(self.group_choice.data),
        }

    def validate_offer_hours(self, field: Field) -> None:
        if field.data == 0:
            raise ValidationError(_("Bitte geben Sie mindestens eine Stunde Zeit."))


def rules_form() -> type[RulesForm]:
    """The form of the rules with a field for the places kept for each audience."""
    fields = {
        seat_rules.kept_of(role): Whole(label(role), most=MOST_PLACES, validators=[Optional()])
        for role in RoleGroup
    }
    return type("RulesForm", (RulesForm,), fields)


def consents_form() -> type[EditForm]:
    """A box and the words for each purpose."""
    fields: dict[str, Any] = {}
    for purpose in ConsentPurpose:
        fields[purpose.value] = BooleanField(_l("Danach fragen: %(purpose)s", purpose=label(purpose)))
        fields[consents.words_of(purpose)] = text(_l("Wortlaut"), most=_WORDS)
    return type("ConsentsForm", (EditForm,), fields)


def put_consents(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored as it stands in the fields; without words the suggested ones."""
    return {
        **values,
        **{
            name: values[name] or str(SUGGESTED[purpose])
            for purpose in ConsentPurpose
            if (name := consents.words_of(purpose))
        },
    }


def take_consents(form: EditForm) -> dict[str, Any]:
    """What is wanted; words that were only suggested, and not asked for, are none."""
    wanted = {}
    for purpose in ConsentPurpose:
        name = consents.words_of(purpose)
        is_asked, words = form[purpose.value].data, form[name].data
        wanted[purpose.value] = is_asked
        wanted[name] = "" if not is_asked and words == str(SUGGESTED[purpose]) else words
    return wanted


def support_form() -> type[EditForm]:
    """For each kind whether it is asked about, until when it is ordered, and a note."""
    fields: dict[str, Any] = {}
    for kind in NeedKind:
        fields[kind.value] = BooleanField(label(kind))
        fields[support_offers.order_of(kind)] = Day(_l("Bestellen bis"), validators=[Optional()])
        fields[support_offers.note_of(kind)] = line(_l("Hinweis für Teilnehmende"), most=_LABEL)
    return type("SupportForm", (EditForm,), fields)


def translation_form(found: Iterable[FormText], words: Mapping[str, Any]) -> type[EditForm]:
    """A field for each German text."""
    fields: dict[str, Any] = {}
    for german in found:
        is_long = german.name in ("help", "words")
        most = {"help": _HELP, "words": _WORDS, "option": LINE}.get(german.name, _LABEL)
        fields[german.field] = (text if is_long else line)(words[german.name], most=most)
    return type("FormTranslation", (EditForm,), fields)


class Confirm(BaseForm):
    """Only a button."""
