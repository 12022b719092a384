"""What the registration form of the town of tests/town.py asks, and what somebody has answered."""

from __future__ import annotations

from typing import Any

from app.database import db, transaction
from app.domain import admission, consents, questionnaire, questions
from app.models import (
    Conference,
    ConsentMethod,
    ConsentPurpose,
    ConsentText,
    QuestionKind,
    Registration,
    RoleGroup,
    Translated,
)


def fill(town: Any, conference: Conference, registration: Registration) -> None:
    """A question of each kind, one that depends on another and one that is off; a consent given; places kept."""
    word = town.word
    asked = [_ask(conference, kind, f"{kind.value} in {word}?") for kind in QuestionKind]
    single = asked[0]
    depends = _ask(conference, QuestionKind.LONG_TEXT, f"Was noch in {word}?", shown_if_id=single.id)
    off = _ask(conference, QuestionKind.TEXT, f"Abgeschaltet in {word}?", is_on=False)
    with transaction():
        single.label = Translated({"de": str(single.label), "ar": f"سؤال {word}"})
        for purpose in (ConsentPurpose.PHOTO_PRESS, ConsentPurpose.NEWSLETTER):
            words = Translated({"de": f"Ich stimme zu: {word}", "ar": f"أوافق {word}"})
            at = {"host_id": conference.host_id, "conference_id": conference.id}
            db.session.add(ConsentText(**at, purpose=purpose, words=words))
    with transaction():
        questions.save_answers(registration, {single.id: "ja", depends.id: f"Ruhe in {word}"})
        (text, _other) = consents.asked(conference)
        consents.give(registration, [text.id], method=ConsentMethod.WEB)
    admission.set_frame(
        conference,
        capacity=conference.capacity,
        walk_in_quota=conference.walk_in_quota,
        quotas={RoleGroup.POLITICS: 1},
    )
    town.ids["question"] = [question.id for question in (*asked, depends, off)]
    town.ids["consent_text"] = [text.id]


def _ask(conference: Conference, kind: QuestionKind, label: str, **values: Any) -> Any:
    wanted = {
        "label": label,
        "help": "Zum Beispiel dies.",
        "kind": kind,
        "is_on": True,
        "is_required": False,
        "options": ["Ja", "Nein", "Weiß nicht"],
        "least": 1,
        "most": 9,
        "shown_if_id": None,
        "shown_if_options": ["ja"] if "shown_if_id" in values else [],
        "retention_days": 90,
        **values,
    }
    return questionnaire.add(conference, wanted)
