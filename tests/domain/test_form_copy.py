"""A copied conference asks what the first one asks, by the same rules, and knows nothing of what was answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.database import db, transaction
from app.domain import conferences, consents, local_time, questionnaire, questions, seat_rules, support_offers
from app.models import Answer, Consent, ConsentMethod, QuestionKind
from tests import make
from tests.domain.test_questionnaire import two, wanted

pytestmark = pytest.mark.usefixtures("app")


def test_copy_takes_the_form_and_the_rules_but_no_answers() -> None:
    source = make.conference(capacity=20)
    first, second = two(source)
    questionnaire.add(source, wanted("Aus?", "A", "B", is_on=False, kind=QuestionKind.RANKING))
    words = {"photo_press": True, "photo_press-words": "Eins", "newsletter-words": "Nur Worte"}
    consents.arrange(source, consents.arranged(source) | words)
    day = local_time.day_of(source.starts_at) - timedelta(days=3)
    support_offers.arrange(
        source, support_offers.arranged(source) | {"diet": True, "diet-order_by": day, "diet-note": "Bald"}
    )
    rules = {"has_queue": False, "makes_offers": True, "offer_hours": 5, "kept-politics": 4}
    seat_rules.arrange(source, seat_rules.arranged(source) | rules)
    with transaction():
        registration = make.registration(source)
        questions.save_answers(registration, {first.id: "ja", second.id: 2})
        consents.give(registration, [consents.asked(source)[0].id], method=ConsentMethod.WEB)
    consents.arrange(source, consents.arranged(source) | {"photo_press-words": "Zwei"})

    made = conferences.copy(source, title="Nächste", starts_at=source.starts_at + timedelta(days=364))

    copied = questionnaire.all_of(made)
    assert [held.key for held in copied] == ["kinder", "wie-viele", "aus"]
    assert [held.shown_if_id for held in copied] == [None, copied[0].id, None]
    for old, new in zip(questionnaire.all_of(source), copied, strict=True):
        same = questionnaire.values(old) | {"shown_if_id": None}
        assert questionnaire.values(new) | {"shown_if_id": None} == same
        assert old.options == new.options
    assert {
        purpose.value: (text.version, str(text.words), text.is_current)
        for purpose, text in consents.latest(made).items()
    } == {
        "photo_press": (1, "Zwei", True),
        "newsletter": (1, "Nur Worte", False),
    }
    assert support_offers.arranged(made) == support_offers.arranged(source) | {
        "diet-order_by": day + timedelta(days=364)
    }
    assert seat_rules.arranged(made) == seat_rules.arranged(source)
    assert (made.reserved_open, made.places_taken) == (4, 0)
    assert [
        db.session.query(model).filter_by(conference_id=made.id).count() for model in (Answer, Consent)
    ] == [0, 0]
