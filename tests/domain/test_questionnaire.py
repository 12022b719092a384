"""Setting up a conference's own questions: what may change, and what answers and other questions keep in place."""

from __future__ import annotations

from typing import Any

import pytest

from app.database import db, transaction
from app.domain import editing, questionnaire, questions
from app.domain.errors import (
    AnswerMissing,
    AnswerUnfit,
    BoundsUnfit,
    ChangedMeanwhile,
    ConditionOutOfOrder,
    ConditionUnfit,
    KindAnswered,
    NotFound,
    OptionAnswered,
    OptionDecides,
    OptionsMissing,
    OptionsTooMany,
    OptionTwice,
    OrderUnfit,
    QuestionAnswered,
    QuestionDecides,
    QuestionLabelMissing,
)
from app.models import Conference, Question, QuestionKind, Registration
from tests import make

pytestmark = pytest.mark.usefixtures("app")


def wanted(label: str = "Wie kommen Sie?", *options: str, **values: Any) -> dict[str, Any]:
    return {
        "label": label,
        "help": "",
        "kind": QuestionKind.SINGLE if options else QuestionKind.TEXT,
        "is_on": True,
        "is_required": False,
        "options": list(options),
        "least": None,
        "most": None,
        "shown_if_id": None,
        "shown_if_options": [],
        "retention_days": 90,
        **values,
    }


def keys(question: Question) -> list[str]:
    db.session.expire_all()
    return [option["key"] for option in question.options]


def answer(conference: Conference, answers: dict[int, Any]) -> Registration:
    with transaction():
        registration = make.registration(conference)
        questions.save_answers(registration, answers)
    return registration


def two(conference: Conference) -> tuple[Question, Question]:
    """Whether children come, and how many where they do."""
    first = questionnaire.add(conference, wanted("Kinder?", "Ja", "Nein"))
    second = questionnaire.add(
        conference,
        wanted("Wie viele?", kind=QuestionKind.NUMBER, shown_if_id=first.id, shown_if_options=["ja"]),
    )
    return first, second


def test_add_puts_questions_in_order_and_the_same_one_once() -> None:
    conference = make.conference()

    first = questionnaire.add(conference, wanted("Wie kommen Sie?", "Mit dem Bus", "Zu Fuß"))
    again = questionnaire.add(conference, wanted("Wie kommen Sie?", "Mit dem Bus", "Zu Fuß"))
    second = questionnaire.add(conference, wanted("Wie kommen Sie?"))

    assert again.id == first.id
    assert [(held.key, held.position) for held in questionnaire.all_of(conference)] == [
        ("wie-kommen-sie", 1),
        ("wie-kommen-sie-2", 2),
    ]
    assert keys(first) == ["mit-dem-bus", "zu-fuss"]
    assert keys(second) == []


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        (wanted(""), QuestionLabelMissing),
        (wanted("A", "eins"), OptionsMissing),
        (wanted("A", "eins", "zwei", "eins"), OptionTwice),
        (wanted("A", *map(str, range(11)), kind=QuestionKind.RANKING), OptionsTooMany),
        (wanted("A", kind=QuestionKind.NUMBER, least=5, most=4), BoundsUnfit),
        (wanted("A", shown_if_id=4711, shown_if_options=["ja"]), ConditionUnfit),
    ],
)
def test_add_refuses_what_cannot_be_asked(values: dict[str, Any], refusal: type[Exception]) -> None:
    conference = make.conference()

    with pytest.raises(refusal):
        questionnaire.add(conference, values)
    assert questionnaire.all_of(conference) == []


def test_what_a_kind_does_not_use_is_not_kept() -> None:
    conference = make.conference()

    question = questionnaire.add(conference, wanted("A", "eins", "zwei", kind=QuestionKind.TEXT, least=1))

    assert (question.options, question.least) == ([], None)


def test_a_condition_needs_answers_of_an_earlier_question() -> None:
    conference = make.conference()
    first, second = two(conference)
    ranking = questionnaire.add(conference, wanted("Was zuerst?", "A", "B", kind=QuestionKind.RANKING))

    for other, chosen in ((second.id, ["ja"]), (first.id, ["x"]), (first.id, []), (ranking.id, ["a"])):
        with pytest.raises(ConditionUnfit):
            questionnaire.add(conference, wanted("B", shown_if_id=other, shown_if_options=chosen))
    with pytest.raises(ConditionUnfit):
        questionnaire.edit(conference, first.id, wanted("A", shown_if_id=first.id, shown_if_options=["ja"]))


def test_edit_keeps_the_key_of_an_option_that_moves_or_is_reworded() -> None:
    conference = make.conference()
    question = questionnaire.add(conference, wanted("A", "Bus", "Rad", "Auto"))
    with transaction():
        question.options = [
            {**question.options[0], "label": {"de": "Bus", "ar": "حافلة"}},
            *question.options[1:],
        ]

    questionnaire.edit(conference, question.id, wanted("A", "Rad", "Bus und Bahn", "Auto"))
    assert keys(question) == ["rad", "bus", "auto"]
    assert question.options[1]["label"] == {"de": "Bus und Bahn", "ar": "حافلة"}
    questionnaire.edit(conference, question.id, wanted("A", "Rad", "Zu Fuß", "Bus", "Bus und Bahn"))
    assert keys(question) == ["rad", "zu-fuss", "bus-2", "bus"]


def test_answers_keep_kind_and_chosen_options_and_the_question_itself() -> None:
    conference = make.conference()
    question = questionnaire.add(conference, wanted("A", "Bus", "Rad", "Auto", kind=QuestionKind.MULTI))
    answer(conference, {question.id: ["bus"]})

    with pytest.raises(KindAnswered):
        questionnaire.edit(conference, question.id, wanted("A", "Bus", "Rad", "Auto"))
    with pytest.raises(OptionAnswered, match="„Bus“"):
        questionnaire.edit(conference, question.id, wanted("A", "Rad", "Auto", kind=QuestionKind.MULTI))
    with pytest.raises(QuestionAnswered):
        questionnaire.remove(conference, question.id)
    questionnaire.edit(
        conference, question.id, wanted("A", "Bus", "Rad", kind=QuestionKind.MULTI, is_on=False)
    )

    assert (keys(question), questions.asked(conference)) == (["bus", "rad"], [])
    assert questionnaire.answered(conference) == {question.id: 1}


def test_a_question_others_depend_on_keeps_what_they_need() -> None:
    conference = make.conference()
    first, second = two(conference)

    with pytest.raises(OptionDecides, match="„Ja“"):
        questionnaire.edit(conference, first.id, wanted("Kinder?", "Nein", "Vielleicht", "Später"))
    with pytest.raises(QuestionDecides):
        questionnaire.edit(conference, first.id, wanted("Kinder?"))
    with pytest.raises(QuestionDecides, match="„Wie viele"):
        questionnaire.remove(conference, first.id)
    questionnaire.remove(conference, second.id)
    questionnaire.remove(conference, first.id)

    assert questionnaire.all_of(conference) == []
    with pytest.raises(NotFound):
        questionnaire.remove(conference, first.id)


def test_order_keeps_a_question_behind_the_one_it_depends_on() -> None:
    conference = make.conference()
    first, second = two(conference)
    third = questionnaire.add(conference, wanted("Sonst?"))

    with pytest.raises(ConditionOutOfOrder, match="„Wie viele"):
        questionnaire.move(conference, second.id, up=True)
    with pytest.raises(OrderUnfit):
        questionnaire.reorder(conference, [first.id, second.id])
    questionnaire.move(conference, third.id, up=True)

    assert [held.id for held in questionnaire.all_of(conference)] == [first.id, third.id, second.id]


def test_edit_of_two_people_refuses_the_second() -> None:
    conference = make.conference()
    question = questionnaire.add(conference, wanted("A", "Bus", "Rad"))
    shown = editing.seen(questionnaire.values(question))
    questionnaire.edit(conference, question.id, wanted("A", "Bus", "Bahn"), shown=shown)

    with pytest.raises(ChangedMeanwhile):
        questionnaire.edit(conference, question.id, wanted("A", "Bus", "Auto"), shown=shown)
    assert questionnaire.values(question)["options"] == ["Bus", "Bahn"]


def test_what_is_off_or_not_shown_is_not_accepted() -> None:
    conference = make.conference()
    first, second = two(conference)
    off = questionnaire.add(conference, wanted("Geheim?", is_on=False))
    required = questionnaire.add(conference, wanted("Name?"))
    everything = {first.id: "nein", second.id: 3, off.id: "x", required.id: "y", 4711: "z"}

    given = answer(conference, everything)
    questionnaire.edit(conference, required.id, wanted("Name?", is_required=True))

    assert questions.answers_of(given) == {first.id: "nein", required.id: "y"}
    asked = questions.asked(conference)
    with pytest.raises(AnswerMissing) as missing:
        questions.check(asked, {first.id: "ja"})
    with pytest.raises(AnswerUnfit) as unfit:
        questions.check(asked, {first.id: "x"})
    assert (missing.value.field, unfit.value.field) == (f"question-{required.id}", f"question-{first.id}")
