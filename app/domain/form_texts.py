"""All texts of a registration form in one further language, beside the German ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.database import db
from app.domain import consents, editing, questionnaire, support_offers
from app.models import Conference, ConsentPurpose, NeedKind, Question, Translated

Subject = Question | ConsentPurpose | NeedKind


@dataclass(frozen=True)
class FormText:
    """One text; `field` is its name in a form, `name` what of its subject it is, `write` puts other words there."""

    subject: Subject
    name: str
    field: str
    words: Translated
    write: Callable[[Translated], None]

    @property
    def german(self) -> str:
        return str(self.words)


def texts(conference: Conference) -> list[FormText]:
    """Labels, helps and options of questions, words of consents, notes on support; empty ones are left out."""
    found: list[FormText] = []
    for question in questionnaire.all_of(conference):
        found += _of_question(question)
    for purpose, text in consents.latest(conference).items():

        def rewrite(words: Translated, purpose: ConsentPurpose = purpose) -> None:
            consents.reword(conference, purpose, consents.latest(conference)[purpose], words)

        found.append(FormText(purpose, "words", f"consent-{purpose.value}", text.words, rewrite))
    for offer in support_offers.all_of(conference):
        field = f"support-{offer.kind.value}"
        found.append(FormText(offer.kind, "note", field, offer.note, _setter(offer, "note")))
    return [text for text in found if text.german]


def progress(conference: Conference, language: str) -> tuple[int, int]:
    """How many of the German texts exist in `language`, and how many there are."""
    found = texts(conference)
    return sum(language in text.words for text in found), len(found)


def read(conference: Conference, language: str) -> dict[str, str]:
    """What the texts say in `language`, by field; empty where the German one stands in."""
    return {text.field: text.words.get(language, "") for text in texts(conference)}


def save(
    conference: Conference, language: str, wanted: Mapping[str, str], *, shown: str | None = None
) -> None:
    """Save what the texts say in `language`, by field; an empty one lets the German text stand in.

    Words of a consent somebody has agreed to get a new version. A text that is gone meanwhile is left out. Raises
    ChangedMeanwhile.
    """
    with editing.writing(conference):
        present = {text.field: text for text in texts(conference)}
        asked = {field: value for field, value in wanted.items() if field in present}
        stored = {field: present[field].words.get(language, "") for field in asked}
        editing.refuse_if_changed(stored, asked, shown)
        for field, value in asked.items():
            if value != stored[field]:
                text = present[field]
                text.write(text.words.with_text(language, value))
        db.session.flush()


def _of_question(question: Question) -> list[FormText]:
    stem = f"question-{question.id}"
    found = [
        FormText(question, name, f"{stem}-{name}", getattr(question, name), _setter(question, name))
        for name in questionnaire.TEXTS
    ]
    for option in question.options:
        key = option["key"]

        def rename(words: Translated, key: str = key) -> None:
            # A new list: a change inside the old one would not be seen.
            question.options = [
                {**known, "label": dict(words)} if known["key"] == key else known
                for known in question.options
            ]

        found.append(
            FormText(question, "option", f"{stem}-option-{key}", Translated(option["label"]), rename)
        )
    return found


def _setter(subject: object, name: str) -> Callable[[Translated], None]:
    def write(words: Translated) -> None:
        setattr(subject, name, words)

    return write
