"""A conference's own questions in a real browser: what depends on an answer is shown and sent only while it applies."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.database import db
from app.domain import questionnaire, questions
from app.models import Question, Registration
from tests import make
from tests.browser.look import violations
from tests.chromium import NewPage
from tests.domain.test_questionnaire import two, wanted


@pytest.fixture
def asked(live_server: str) -> tuple[Question, Question]:
    """Whether children come, and how many where they do; then one more."""
    conference = make.conference(make.host("stadt"), key="konferenz")
    first, second = two(conference)
    questionnaire.add(conference, wanted("Noch etwas?"))
    return first, second


def open_form(new_page: NewPage, **options: object) -> Page:
    page = new_page(viewport={"width": 320, "height": 800}, **options)
    page.goto("/stadt/konferenz/anmeldung")
    page.get_by_label("Einwohnerin oder Einwohner").check()
    return page


def sent(page: Page) -> dict[int, object]:
    """The answers that arrive."""
    page.get_by_role("button", name="Jetzt anmelden").last.click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Anmeldung")
    db.session.rollback()
    return questions.answers_of(db.session.query(Registration).one())


def test_a_question_appears_with_its_answer_and_goes_with_it(
    new_page: NewPage, asked: tuple[Question, Question]
) -> None:
    page = open_form(new_page)
    number = page.get_by_label("Wie viele?")
    expect(number).to_be_hidden()

    page.get_by_label("Ja", exact=True).focus()
    page.keyboard.press("Space")
    expect(number).to_be_visible()
    number.fill("3")
    assert violations(page) == []
    page.get_by_label("Nein", exact=True).check()
    expect(number).to_be_hidden()

    assert sent(page) == {asked[0].id: "nein"}


def test_without_scripts_it_is_shown_and_says_when_it_is_meant(
    new_page: NewPage, asked: tuple[Question, Question]
) -> None:
    page = open_form(new_page, java_script_enabled=False)
    expect(page.get_by_text("Nur wenn Sie bei „Kinder?“ das gewählt haben: „Ja“")).to_be_visible()

    page.get_by_label("Ja", exact=True).check()
    page.get_by_label("Wie viele?").fill("3")

    assert sent(page) == {asked[0].id: "ja", asked[1].id: 3}
