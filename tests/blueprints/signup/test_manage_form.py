"""The organizer's pages of the registration form: questions, their order and words, the form as residents see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.database import db, transaction
from app.domain import conferences, questionnaire, questions
from app.models import Conference, Question, QuestionKind, Registration
from tests import make
from tests.browse import Page, visit, words
from tests.counting import statements
from tests.domain.test_questionnaire import answer, two, wanted
from tests.visitor import Visitor

Open = Callable[..., Page]
FORM = "/verwaltung/beispiel/konferenz/formular"


@pytest.fixture
def opened(staff_client: Visitor, conference: Conference) -> Open:
    """Open a page of the editor: `opened("edit_form")`."""

    def open_page(endpoint: str, *, status: int | None = 200, **parts: Any) -> Page:
        return visit(
            staff_client,
            f"signup.{endpoint}",
            host="beispiel",
            conference="konferenz",
            status=status,
            **parts,
        )

    return open_page


def asked(conference: Conference) -> list[Question]:
    db.session.expire_all()
    return questionnaire.all_of(conference)


def test_a_question_is_written_and_asked(opened: Open, conference: Conference) -> None:
    assert "Es gibt noch keine eigenen Fragen" in opened("edit_questions").text

    opened("add_question").form().send(
        {
            "label": "Wie kommen Sie?",
            "help": "Wir planen die Räder.",
            "kind": "multi",
            "options": "Mit dem Bus\r\n\r\n  Zu Fuß ",
            "is_required": "y",
            "retention_days": "30",
        },
        status=303,
    )

    (question,) = asked(conference)
    assert questionnaire.values(question) == wanted(
        "Wie kommen Sie?",
        "Mit dem Bus",
        "Zu Fuß",
        help="Wir planen die Räder.",
        kind=QuestionKind.MULTI,
        is_required=True,
        retention_days=30,
    )
    assert (
        "Wie kommen Sie? mehrere Antworten auswählen · muss beantwortet werden"
        in opened("edit_questions").text
    )
    assert "Wie kommen Sie? muss beantwortet werden" in opened("edit_form").text


def test_a_question_with_mistakes_keeps_what_was_typed(opened: Open, conference: Conference) -> None:
    form = opened("add_question").form()
    typed = {"label": "", "options": "x" * 151, "retention_days": "bald"}

    page = form.send(typed, status=422)

    assert page.errors() == {
        "label": "Bitte schreiben Sie die Frage auf.",
        "options": "Eine Antwort kann höchstens 150 Zeichen lang sein.",
        "retention_days": "Das ist keine ganze Zahl. Zum Beispiel: 12",
    }
    assert {name: page.form().values[name] for name in typed} == typed
    again = form.send(label="Wie?", options="Nur eine", status=422)
    assert again.errors() == {
        "options": "Bitte geben Sie mindestens zwei Antworten zur Auswahl, jede in einer eigenen Zeile."
    }
    assert asked(conference) == []


def test_a_condition_is_chosen_from_the_answers_before(opened: Open, conference: Conference) -> None:
    first, second = two(conference)
    third = questionnaire.add(conference, wanted("Hunde?", "Ja", "Nein"))

    page = opened("edit_question", question=second.id)
    assert [words(label) for label in page.one(id="shown_if").iter("label")] == [
        "Kinder? → Ja",
        "Kinder? → Nein",
    ]
    page.form().send(shown_if=f"{first.id}:nein", status=303)
    refused = (
        opened("add_question")
        .form()
        .send(
            {"label": "Beides?", "kind": "text", "shown_if": [f"{first.id}:ja", f"{third.id}:ja"]}, status=422
        )
    )

    assert asked(conference)[1].shown_if_options == ["nein"]
    assert list(refused.errors()) == ["shown_if-0"]
    assert [words(label) for label in opened("edit_question", question=first.id).all("legend")] == [
        "Wie antwortet man?"
    ]


def test_two_people_at_one_question_see_both_words(opened: Open, conference: Conference) -> None:
    question = questionnaire.add(conference, wanted("Wie?"))
    form = opened("edit_question", question=question.id).form()
    questionnaire.edit(conference, question.id, wanted("Vom Kollegium?"))

    page = form.send(label="Von mir?", status=422)

    table = page.one("section", aria_labelledby="nebeneinander")
    assert [words(row) for row in table.iter("tr")][1:] == ["Wie lautet die Frage? Von mir? Vom Kollegium?"]
    page.form().send(status=303)
    assert str(asked(conference)[0].label) == "Von mir?"


def test_an_answered_question_is_switched_off_and_not_removed(opened: Open, conference: Conference) -> None:
    question = questionnaire.add(conference, wanted("Wie?"))
    answer(conference, {question.id: "so"})

    page = opened("remove_question", question=question.id).form().send(status=422)
    opened("edit_question", question=question.id).form().send(is_on=None, status=303)

    assert page.errors()[""].startswith("Auf diese Frage haben schon Menschen geantwortet.")
    assert questions.asked(conference) == []
    assert "Wie? abgeschaltet · kurzer Text · 1 Antwort" in opened("edit_questions").text


def test_a_question_without_answers_is_removed(opened: Open, conference: Conference) -> None:
    question = questionnaire.add(conference, wanted("Wie?"))

    page = opened("remove_question", question=question.id).form().send(status=303)

    assert "„Wie?“ ist entfernt." in page.follow().text
    assert asked(conference) == []


def test_order_by_button_and_by_hand_says_what_cannot_be(opened: Open, conference: Conference) -> None:
    first, second = two(conference)
    third = questionnaire.add(conference, wanted("Sonst?"))
    order = f"{FORM}/fragen/reihenfolge"

    opened("edit_questions").form(order).send(move=f"up:{third.id}", status=303)
    assert [question.id for question in asked(conference)] == [first.id, third.id, second.id]
    page = opened("edit_questions").form(order).send(order=f"{second.id},{first.id},{third.id}", status=303)

    assert "„Wie viele?“ hängt von „Kinder?“ ab und muss danach stehen." in page.follow().text
    assert [question.id for question in asked(conference)] == [first.id, third.id, second.id]


@pytest.mark.parametrize("count", [1, 3, 300])
def test_the_lists_ask_the_database_the_same_number_of_times(
    opened: Open, conference: Conference, count: int
) -> None:
    for number in range(count):
        questionnaire.add(conference, wanted(f"Frage {number}", "Ja", "Nein"))
    opened("edit_form")

    with statements() as listed:
        opened("edit_questions")
    with statements() as overview:
        opened("edit_form")

    assert (len(listed), len(overview)) == (5, 8)


def test_another_conference_s_question_is_not_found(opened: Open, host: Any) -> None:
    foreign = questionnaire.add(make.conference(host), wanted("Fremd?"))

    for endpoint in ("edit_question", "remove_question"):
        assert opened(endpoint, question=foreign.id, status=404).status == 404


def test_the_form_is_translated_beside_the_german_words(opened: Open, conference: Conference) -> None:
    conferences.edit(conference, {"title": "K", "languages": ["de", "ar"]})
    question = questionnaire.add(conference, wanted("Wie?", "Ja", "Nein"))

    page = opened("translate_form", code="ar")
    assert "0 von 3 Texten übersetzt" in page.text
    page.form().send(
        {f"question-{question.id}-label": "كيف؟", f"question-{question.id}-option-ja": "نعم"}, status=303
    )

    (stored,) = asked(conference)
    assert stored.label == {"de": "Wie?", "ar": "كيف؟"}
    assert stored.options == [
        {"key": "ja", "label": {"de": "Ja", "ar": "نعم"}},
        {"key": "nein", "label": {"de": "Nein"}},
    ]
    assert "Arabisch: 2 von 3 Texten übersetzt" in opened("edit_form").text
    assert opened("translate_form", code="tr", status=404).status == 404


def test_the_preview_is_the_form_of_residents_and_saves_nothing(opened: Open, conference: Conference) -> None:
    conferences.edit(conference, {"title": "K", "languages": ["de", "ar"]})
    question = questionnaire.add(conference, wanted("Wie?", is_required=True))

    page = opened("preview_form")
    refused = page.form().send(role_group="resident", status=422)
    fits = page.form().send({"role_group": "resident", f"question-{question.id}": "so"}, status=200)

    assert refused.errors() == {f"question-{question.id}": "Bitte beantworten Sie diese Frage."}
    assert "Alles passt: Eine solche Anmeldung würde angenommen." in fits.text
    assert db.session.query(Registration).count() == 0
    assert opened("preview_form", sprache="ar").one("html").get("dir") == "rtl"


def test_a_resident_is_asked_only_what_is_on_and_nothing_else_is_kept(
    client: Visitor, conference: Conference
) -> None:
    first, second = two(conference)
    off = questionnaire.add(conference, wanted("Geheim?", is_on=False))
    page = visit(client, "/beispiel/konferenz/anmeldung")
    assert "Geheim?" not in page.text

    page.form().send(
        {
            "role_group": "resident",
            f"question-{first.id}": "nein",
            f"question-{second.id}": "2",
            f"question-{off.id}": "x",
        },
        status=302,
    )

    registration = db.session.query(Registration).one()
    assert questions.answers_of(registration) == {first.id: "nein"}


def test_a_question_switched_off_while_somebody_writes_does_not_stop_them(
    client: Visitor, conference: Conference
) -> None:
    question = questionnaire.add(conference, wanted("Wie?", "Ja", "Nein"))
    form = visit(client, "/beispiel/konferenz/anmeldung").form()
    with transaction():
        question.is_on = False

    form.send({"role_group": "resident", f"question-{question.id}": "ja"}, status=302)

    assert questions.answers_of(db.session.query(Registration).one()) == {}
