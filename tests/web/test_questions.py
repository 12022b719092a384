"""The conference's own questions as fields: what is shown, what is read, what is refused; also without scripts."""

from __future__ import annotations

from typing import Any, cast

import pytest
from flask import Flask, Response, render_template_string
from werkzeug.datastructures import MultiDict

from app.domain import questions as domain
from app.models import Question, QuestionKind, Translated
from app.web import questions
from app.web.forms import BaseForm
from tests import browse

PAGE = """<!DOCTYPE html><html lang="ar" dir="rtl"><head><title>Seite</title></head><body><main><h1>Seite</h1>
{%- import "signup/_questions.html" as questions -%}<form method="post">{{ questions.fields(form) }}</form>
{{ questions.script(form) }}</main></body></html>"""
YES_NO = (("ja", "Ja"), ("nein", "Nein"))
SPACES = (("dorf", "Dorf"), ("stadt", "Stadt"), ("nord", "Nord"))


class Answer(Response):
    """An answer as a test client has it."""

    @property
    def text(self) -> str:
        return self.get_data(as_text=True)


def ask(id: int, kind: QuestionKind, *options: tuple[str, str], **values: Any) -> Question:
    """A question as it is stored."""
    return Question(
        **{
            "id": id,
            "kind": kind,
            "label": Translated(f"Frage {id}"),
            "help": Translated(),
            "options": [{"key": key, "label": {"de": words}} for key, words in options],
            "is_required": False,
            "shown_if_options": [],
            **values,
        }
    )


def sent(*asked: Question, language: str = "de", **values: Any) -> Any:
    """The form of these questions, filled in (`question_1` or `question_1__key`) and checked."""
    made = questions.add_fields(BaseForm, asked, language)
    typed = MultiDict({"other": "x"})
    for name, value in values.items():
        typed.setlist(
            name.replace("__", "-").replace("question_", "question-"),
            [*([value] if isinstance(value, str) else value)],
        )
    form = made(formdata=typed, meta={"csrf": False})
    form.validate()
    return form


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        (QuestionKind.SINGLE, "stadt", "stadt"),
        (QuestionKind.MULTI, ["nord", "dorf"], ["nord", "dorf"]),
        (QuestionKind.SOCIAL_SPACE, "nord", "nord"),
        (QuestionKind.TEXT, "  Bus  12 ", "Bus 12"),
        (QuestionKind.LONG_TEXT, "eins\r\nzwei", "eins\nzwei"),
        (QuestionKind.NUMBER, "3", 3),
        (QuestionKind.NUMBER, "3,0", 3),
        (QuestionKind.NUMBER, "1.000", 1000),
        (QuestionKind.NUMBER, "٣", 3),
        (QuestionKind.NUMBER, "-2", -2),
    ],
)
def test_an_answer_of_each_kind_is_read_and_fits(
    app: Flask, kind: QuestionKind, typed: Any, answer: Any
) -> None:
    question = ask(1, kind, *SPACES)
    with app.test_request_context():
        form = sent(question, question_1=typed)

        assert (form.errors, questions.answers(form)) == ({}, {1: answer})
        assert domain.check([question], questions.answers(form)) == {1: answer}


def test_a_ranking_is_one_list_of_places_for_each_option(app: Flask) -> None:
    question = ask(1, QuestionKind.RANKING, *SPACES)
    with app.test_request_context():
        form = sent(question, question_1__nord="1", question_1__dorf="3", question_1__stadt="")

        assert (form.errors, questions.answers(form)) == ({}, {1: ["nord", "dorf"]})
        assert [place for *_, place in form["question-1"].lists] == ["3", "", "1"]


@pytest.mark.parametrize(
    ("question", "typed", "sentence"),
    [
        (ask(1, QuestionKind.SINGLE, *YES_NO), "vielleicht", "Bitte wählen Sie eine der Möglichkeiten."),
        (ask(1, QuestionKind.MULTI, *YES_NO), ["ja", "x"], "Bitte wählen Sie etwas aus der Liste."),
        (ask(1, QuestionKind.SOCIAL_SPACE, *SPACES), "west", "Bitte wählen Sie eine der Möglichkeiten."),
        (ask(1, QuestionKind.NUMBER), "3,5", "Bitte geben Sie eine ganze Zahl ein. Zum Beispiel: 3"),
        (ask(1, QuestionKind.NUMBER), "9" * 5000, "Bitte geben Sie eine ganze Zahl ein. Zum Beispiel: 3"),
        (ask(1, QuestionKind.NUMBER, least=1, most=9), "10", "Bitte geben Sie eine Zahl von 1 bis 9 ein."),
        (ask(1, QuestionKind.NUMBER, least=1), "0", "Bitte geben Sie mindestens 1 ein."),
        (ask(1, QuestionKind.NUMBER, most=9), "10", "Bitte geben Sie höchstens 9 ein."),
        (ask(1, QuestionKind.TEXT, is_required=True), " ", "Bitte beantworten Sie diese Frage."),
        (ask(1, QuestionKind.SINGLE, *YES_NO, is_required=True), [], "Bitte beantworten Sie diese Frage."),
    ],
)
def test_what_does_not_fit_is_refused_at_its_question(
    app: Flask, question: Question, typed: Any, sentence: str
) -> None:
    with app.test_request_context():
        form = sent(question, question_1=typed)

        assert form.errors == {"question-1": [sentence]}


def test_a_ranking_with_a_place_given_twice_is_refused(app: Flask) -> None:
    with app.test_request_context():
        form = sent(ask(1, QuestionKind.RANKING, *SPACES), question_1__nord="1", question_1__dorf="1")

        assert form.errors == {
            "question-1": ["Platz 1 haben Sie mehrmals vergeben. Bitte geben Sie jeden Platz nur einmal."]
        }


def conditional() -> tuple[Question, Question]:
    return (
        ask(1, QuestionKind.SINGLE, *YES_NO, label=Translated({"de": "Kinder?", "ar": "أطفال؟"})),
        ask(2, QuestionKind.NUMBER, is_required=True, shown_if_id=1, shown_if_options=["ja"]),
    )


@pytest.mark.parametrize(
    ("answer", "typed", "errors", "answers"),
    [
        ("ja", "2", {}, {1: "ja", 2: 2}),
        ("ja", "", {"question-2": ["Bitte beantworten Sie diese Frage."]}, {1: "ja"}),
        ("nein", "2", {}, {1: "nein"}),
        ("nein", "zwei", {}, {1: "nein"}),
        ("", "", {}, {}),
    ],
)
def test_a_question_that_depends_on_another_counts_only_where_it_applies(
    app: Flask, answer: str, typed: str, errors: Any, answers: Any
) -> None:
    with app.test_request_context():
        form = sent(*conditional(), question_1=answer, question_2=typed)

        assert (form.errors, questions.answers(form)) == (errors, answers)


def test_a_question_that_depends_on_one_that_is_off_is_not_asked(app: Flask) -> None:
    with app.test_request_context():
        form = sent(conditional()[1], question_2="2")

        assert (form.asked, questions.answers(form)) == ((), {})


def test_what_was_answered_before_stands_in_the_fields(app: Flask) -> None:
    asked = [
        ask(1, QuestionKind.RANKING, *SPACES),
        ask(2, QuestionKind.NUMBER),
        ask(3, QuestionKind.MULTI, *YES_NO),
    ]
    with app.test_request_context():
        form = questions.add_fields(BaseForm, asked, "de")(
            data=questions.put({1: ["stadt", "nord"], 2: 7, 3: ["ja"]}), meta={"csrf": False}
        )

        assert [place for *_, place in form["question-1"].lists] == ["", "1", "2"]
        assert (form["question-2"]._value(), form["question-3"].data) == ("7", ["ja"])


def test_a_page_shows_each_kind_with_help_language_and_condition(app: Flask) -> None:
    asked = [
        *conditional(),
        ask(3, QuestionKind.RANKING, *SPACES, help=Translated("Was ist wichtig?")),
        ask(4, QuestionKind.SOCIAL_SPACE, *SPACES),
        ask(5, QuestionKind.MULTI, *YES_NO),
        ask(6, QuestionKind.LONG_TEXT),
    ]
    with app.test_request_context():
        form = sent(*asked, language="ar", question_1="ja")
        text = render_template_string(PAGE, form=form)
    page = browse.Page(app.test_client(), "/", cast(Any, Answer(text, mimetype="text/html"))).checked(200)

    shown = page.one(data_show_if="question-1")
    assert shown.get("data-show-if-options") == "ja"
    assert browse.words(shown).startswith("Nur wenn Sie bei „أطفال؟“ das gewählt haben: „Ja“")
    assert {browse.words(span) for span in page.all("span", lang="de", dir="ltr")} >= {
        "Ja",
        "Dorf",
        "Was ist wichtig?",
    }
    assert [option.get("lang") for option in page.one("select", id="question-4").iter("option")] == [
        None,
        "de",
        "de",
        "de",
    ]
    assert len(page.one(id="question-3").findall(".//select")) == 3
    assert len(page.all("script")) == 1


def test_an_answer_is_read_aloud_in_the_words_of_the_question() -> None:
    question = ask(1, QuestionKind.RANKING, *SPACES)

    assert [str(part) for part in questions.in_words(question, ["nord", "dorf"], "de")] == ["Nord", "Dorf"]
    assert [str(part) for part in questions.in_words(ask(2, QuestionKind.NUMBER), 3, "de")] == ["3"]
