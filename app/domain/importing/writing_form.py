"""Writing the registration form of a file: own questions, words of consents, support that is offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select

from app.database import db
from app.domain import consents, questionnaire, support, support_offers
from app.domain.importing import plan_form
from app.domain.importing.ledger import Ledger
from app.domain.importing.plans import Entry
from app.models import (
    ENDED_STATUSES,
    Conference,
    Consent,
    ConsentText,
    NeedKind,
    Participant,
    Question,
    Registration,
    SupportNeed,
    SupportOffer,
    Translated,
)

QUESTIONS, CONSENTS, SUPPORT = "Fragen des Formulars", "Einwilligungen", "Unterstützung"
_COLUMNS = ("kind", "label", "help", "is_required", "least", "most", "retention_days", "position")


class Form:
    """The form of one conference; what was set up in the application and no file names is never touched."""

    def __init__(self, ledger: Ledger, conference: Conference) -> None:
        self._ledger = ledger
        self._conference = conference
        self._questions = {row.key: row for row in questionnaire.all_of(conference)}

    def write(self) -> None:
        """Make and change what the file says; nothing is removed yet."""
        for entry in self._ledger.plan.form.questions:
            self._question(entry)
        # Conditions last: by now every question a condition speaks of is there.
        for entry in self._ledger.plan.form.questions:
            self._condition(entry)
        for entry in self._ledger.plan.form.consents:
            self._consent(entry)
        offers = {offer.kind: offer for offer in support_offers.all_of(self._conference)}
        for entry in self._ledger.plan.form.support:
            self._support(entry, offers)
        self._ledger.stop_if_refused()
        db.session.flush()
        for note in self._ledger.plan.form.notes:
            self._ledger.report.note(note)

    def drop(self) -> None:
        """Remove what the file no longer names, where nobody has answered it or needs it."""
        # The last first: a question depends only on one before it.
        gone = [self._questions[key] for key in self._ledger.vanished("question/") if key in self._questions]
        for question in sorted(gone, key=lambda found: (-found.position, -found.id)):
            self._drop_question(question)
        texts = consents.latest(self._conference)
        for key in self._ledger.vanished("consent/"):
            self._drop_consent(texts.get(plan_form.PURPOSES[key]))
        offers = {offer.kind: offer for offer in support_offers.all_of(self._conference)}
        for key in self._ledger.vanished("support/"):
            self._drop_support(offers.get(NeedKind(key)))
        self._ledger.stop_if_refused()
        # Questions of the application stand after those they came between.
        for position, question in enumerate(questionnaire.all_of(self._conference), 1):
            question.position = position
        db.session.flush()

    def _question(self, entry: Entry) -> None:
        ledger, values = self._ledger, dict(entry.values)
        entity = f"question/{entry.key}"
        changed = ledger.changes(entity, values)
        question = self._questions.get(entry.key)
        if question is None and ledger.knows(entity) and not changed:
            ledger.report.note(f"Die Frage {entry.key} wurde in der Anwendung entfernt und bleibt es.")
            return
        ledger.count(QUESTIONS, is_new=question is None, is_changed=bool(changed))
        if question is None:
            changed = {**values, "is_on": values.get("is_on", False), "options": values.get("options", [])}
            question = Question(
                host_id=self._conference.host_id,
                conference_id=self._conference.id,
                key=entry.key,
                options=[],
                shown_if_options=[],
            )
            self._questions[entry.key] = question
        elif not self._may_change(entry, question, changed):
            return
        for name in _COLUMNS:
            if name in changed:
                setattr(question, name, changed[name])
        if changed.get("is_on") is not None:
            question.is_on = changed["is_on"]
        if changed.get("options") is not None:
            question.options = _options(question, changed["options"])
        db.session.add(question)
        db.session.flush()

    def _may_change(self, entry: Entry, question: Question, changed: Mapping[str, Any]) -> bool:
        """Whether answers given so far still fit; notes what does not."""
        place = ("registration_form", "questions", entry.index)
        if "kind" in changed and changed["kind"] is not question.kind and questionnaire.is_answered(question):
            expected = f"die Art „{question.kind.value}“: In der Anwendung ist die Frage beantwortet"
            self._ledger.refuse(place, f"eine andere Art der Frage „{entry.key}“", expected)
            return False
        if changed.get("options") is None:
            return True
        left = {option["key"] for option in _options(question, changed["options"])}
        gone = {
            option["key"]: str(Translated(option["label"]))
            for option in question.options
            if option["key"] not in left
        }
        chosen = questionnaire.chosen_in(question) if gone else set()
        for key in gone:
            if key in chosen:
                self._ledger.refuse(
                    place,
                    f"die Frage „{entry.key}“ ohne „{gone[key]}“",
                    "diese Antwort: In der Anwendung hat sie jemand gegeben",
                )
                return False
        return True

    def _condition(self, entry: Entry) -> None:
        question, shown_if = self._questions.get(entry.key), entry.values["shown_if"]
        before = self._ledger.before.get(f"question/{entry.key}", {}).get("shown_if")
        if question is None or before == self._ledger.applied[f"question/{entry.key}"]["shown_if"]:
            return
        if shown_if is None:
            question.shown_if_id, question.shown_if_options = None, []
            return
        other = self._questions.get(shown_if[0])
        if other is None:
            self._ledger.report.note(
                f"Die Frage {entry.key} hängt von einer ab, die in der Anwendung entfernt wurde: {shown_if[0]}."
            )
            return
        keys = {str(Translated(option["label"])): option["key"] for option in other.options}
        question.shown_if_id = other.id
        question.shown_if_options = [keys[words] for words in shown_if[1] if words in keys]

    def _drop_question(self, question: Question) -> None:
        place, found = ("registration_form",), f"keine Frage „{question.key}“"
        if questionnaire.is_answered(question):
            self._ledger.refuse(
                place, found, f"die Frage „{question.key}“: In der Anwendung ist sie beantwortet"
            )
            return
        if db.session.scalar(select(exists().where(Question.shown_if_id == question.id))):
            expected = f"die Frage „{question.key}“: In der Anwendung hängt eine andere von ihr ab"
            self._ledger.refuse(place, found, expected)
            return
        db.session.delete(question)
        db.session.flush()
        self._ledger.report.count(QUESTIONS, "entfernt")

    def _consent(self, entry: Entry) -> None:
        ledger, values = self._ledger, entry.values
        purpose = plan_form.PURPOSES[entry.key]
        changed = ledger.changes(f"consent/{entry.key}", values)
        text = consents.latest(self._conference).get(purpose)
        ledger.count(CONSENTS, is_new=text is None, is_changed=bool(changed))
        if not changed and text is not None:
            return
        if text is not None and values["version"] <= text.version:
            if text.words != values["words"]:
                # Words somebody has agreed to stay as they are, and a new version follows them.
                text = consents.reword(self._conference, purpose, text, values["words"])
        else:
            if text is not None:
                text.is_current = False
                # Two that are asked for at a time are refused by the database.
                db.session.flush()
            text = ConsentText(
                host_id=self._conference.host_id,
                conference_id=self._conference.id,
                purpose=purpose,
                version=values["version"],
                words=values["words"],
            )
            db.session.add(text)
        text.is_current = values["is_asked"]
        db.session.flush()

    def _drop_consent(self, text: ConsentText | None) -> None:
        if text is None:
            return
        if db.session.scalar(select(exists().where(Consent.consent_text_id == text.id))):
            # The words are the proof of what was agreed to.
            text.is_current = False
        else:
            db.session.delete(text)
        db.session.flush()
        self._ledger.report.count(CONSENTS, "entfernt")

    def _support(self, entry: Entry, offers: Mapping[NeedKind, SupportOffer]) -> None:
        ledger, kind = self._ledger, NeedKind(entry.key)
        changed = ledger.changes(f"support/{entry.key}", entry.values)
        offer = offers.get(kind)
        if offer is None and ledger.knows(f"support/{entry.key}") and not changed:
            return
        ledger.count(SUPPORT, is_new=offer is None, is_changed=bool(changed))
        if offer is None:
            changed = entry.values
            offer = SupportOffer(
                host_id=self._conference.host_id, conference_id=self._conference.id, kind=kind
            )
            db.session.add(offer)
        for name, value in changed.items():
            setattr(offer, name, value)

    def _drop_support(self, offer: SupportOffer | None) -> None:
        if offer is None:
            return
        contents = db.session.scalars(
            select(SupportNeed.content)
            .join(Participant, SupportNeed.participant_id == Participant.id)
            .join(Registration, Participant.registration_id == Registration.id)
            .where(
                SupportNeed.conference_id == self._conference.id, Registration.status.not_in(ENDED_STATUSES)
            )
        )
        if any(support.opened(content).kind is offer.kind for content in contents):
            found = f"keine Unterstützung „{offer.kind.value}“"
            expected = f"„{offer.kind.value}“: In der Anwendung braucht sie jemand"
            self._ledger.refuse(("registration_form",), found, expected)
            return
        db.session.delete(offer)
        db.session.flush()
        self._ledger.report.count(SUPPORT, "entfernt")


def _options(question: Question, labels: list[dict[str, str]]) -> list[dict[str, Any]]:
    """The options with these words; equal German words keep their key."""
    by_words = {str(Translated(label)): label for label in labels}
    return [
        {"key": option["key"], "label": dict(by_words[str(Translated(option["label"]))])}
        for option in questionnaire.options_from(question.options, list(by_words))
    ]
