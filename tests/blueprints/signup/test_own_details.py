"""With the code a household sees and corrects its contact and its answers, and finds its consents when it has ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import consents, questions, registrations, secrets
from app.models import (
    Conference,
    ConsentMethod,
    ConsentPurpose,
    ConsentText,
    ContactChannel,
    Message,
    Question,
    QuestionKind,
    Registration,
    Translated,
)
from tests import make
from tests.blueprints.signup.test_household_own import holder, mine, where
from tests.browse import visit
from tests.visitor import Visitor

OPTIONS = [{"key": "bus", "label": {"de": "mit dem Bus"}}, {"key": "rad", "label": {"de": "mit dem Rad"}}]


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference(capacity=5)


@pytest.fixture
def household(client: Visitor, conference: Conference) -> Registration:
    return holder(
        client, conference, contact_channel=ContactChannel.EMAIL, contact="alt@post.example", name="Amira"
    )


def question(
    conference: Conference, kind: QuestionKind, words: str, position: int, **more: object
) -> Question:
    with transaction():
        made = Question(
            host_id=conference.host_id,
            conference_id=conference.id,
            key=f"frage-{position}",
            kind=kind,
            label=Translated(words),
            position=position,
            **more,
        )
        db.session.add(made)
    return made


@pytest.fixture
def way(conference: Conference, household: Registration) -> Question:
    return question(conference, QuestionKind.SINGLE, "Wie kommen Sie?", 1, options=OPTIONS, is_required=True)


def test_a_household_reads_its_contact_and_corrects_it(
    client: Visitor, conference: Conference, household: Registration
) -> None:
    token = registrations.link_token(household)
    page = mine(client, conference)
    assert "E-Mail: alt@post.example" in page.text

    form = visit(client, "signup.change_contact", **where(conference)).form()
    known = form.values
    saved = form.send(email="neu@post.example", language="ar", status=302).follow()

    # Nothing has to be typed again.
    assert (known["contact_channel"], known["email"], known["language"]) == (
        "email",
        "alt@post.example",
        "de",
    )
    assert "Links in früheren Nachrichten gelten nicht mehr." in saved.text
    assert "E-Mail: neu@post.example" in saved.text
    assert household.language == "ar"
    void = visit(client, "signup.open_link", token=token, status=404, **where(conference))
    assert "Dieser Link gilt nicht mehr" in void.text
    recipients = db.session.scalars(select(Message.recipient).filter_by(registration_id=household.id))
    assert {secrets.decrypt(to) for to in recipients} == {"neu@post.example"}


def test_another_browser_with_the_old_link_is_shown_nothing_more(
    app: Flask, client: Visitor, conference: Conference, household: Registration
) -> None:
    elsewhere = Visitor(app)
    visit(
        elsewhere,
        "signup.open_link",
        token=registrations.link_token(household),
        status=302,
        **where(conference),
    )

    form = visit(client, "signup.change_contact", **where(conference)).form()
    form.send(contact_channel="none", email="", status=302)

    assert visit(elsewhere, "signup.mine", status=302, **where(conference)).location.endswith(
        "/meine-anmeldung"
    )
    assert "gar nicht" in mine(client, conference).text


def test_an_address_that_is_none_is_told_at_its_field(
    client: Visitor, conference: Conference, household: Registration
) -> None:
    form = visit(client, "signup.change_contact", **where(conference)).form()

    refused = form.send(email="alt@", language="xx", status=422)

    assert set(refused.errors()) == {"email", "language"}
    assert secrets.decrypt(household.contact) == "alt@post.example"


def test_answers_are_read_and_given_otherwise(
    client: Visitor, conference: Conference, way: Question, household: Registration
) -> None:
    bike = question(
        conference,
        QuestionKind.TEXT,
        "Welches Rad?",
        2,
        shown_if_id=way.id,
        shown_if_options=["rad"],
        is_required=True,
    )
    with transaction():
        questions.save_answers(household, {way.id: "bus"})
    assert "mit dem Bus" in mine(client, conference).text

    form = visit(client, "signup.change_answers", **where(conference)).form()
    assert form.values[f"question-{way.id}"] == "bus"
    refused = form.send({f"question-{way.id}": "rad"}, status=422)
    page = refused.form().send({f"question-{bike.id}": "Lastenrad"}, status=302).follow()

    assert list(refused.errors()) == [f"question-{bike.id}"]
    assert "mit dem Rad" in page.text
    assert questions.answers_of(household) == {way.id: "rad", bike.id: "Lastenrad"}


def test_an_answer_to_a_question_that_is_off_by_now_stays(
    client: Visitor, conference: Conference, way: Question, household: Registration
) -> None:
    gone = question(conference, QuestionKind.TEXT, "Woher?", 2)
    with transaction():
        questions.save_answers(household, {way.id: "bus", gone.id: "Nord"})
        gone.is_on = False

    form = visit(client, "signup.change_answers", **where(conference)).form()
    page = form.send({f"question-{way.id}": "rad"}, status=302).follow()

    assert f"question-{gone.id}" not in form.values
    assert "Nord" in page.text
    assert questions.answers_of(household) == {way.id: "rad", gone.id: "Nord"}


def test_when_registration_is_closed_answers_are_read_only(
    client: Visitor, conference: Conference, way: Question, household: Registration
) -> None:
    with transaction():
        questions.save_answers(household, {way.id: "bus"})
    form = visit(client, "signup.change_answers", **where(conference)).form()
    with transaction():
        conference.registration_closes_at = now() - timedelta(hours=1)

    page = mine(client, conference)
    refused = form.send({f"question-{way.id}": "rad"}, status=422)
    away = visit(client, "signup.change_answers", status=302, **where(conference))

    assert "mit dem Bus" in page.text
    assert "Antworten ändern" not in page.links()
    assert "Kontakt ändern" in page.links()
    assert "geschlossen" in refused.text
    assert away.location == page.address
    assert questions.answers_of(household) == {way.id: "bus"}


def test_consents_that_stand_are_found_and_withdrawn_after_cancelling(
    client: Visitor, conference: Conference, household: Registration
) -> None:
    with transaction():
        text = ConsentText(
            host_id=conference.host_id,
            conference_id=conference.id,
            purpose=ConsentPurpose.NEWSLETTER,
            version=1,
            words=Translated("Schreiben Sie mir wieder."),
        )
        db.session.add(text)
        db.session.flush()
        consents.give(household, [text.id], method=ConsentMethod.WEB)
    registrations.cancel(household)
    words = "Einwilligungen ansehen oder widerrufen"

    page = visit(client, "signup.change_consents", **where(conference))
    seen = mine(client, conference).links()
    client.post(page.address, data={"zweck": "newsletter"})

    assert words in seen
    assert consents.standing(household) == []
    assert words not in mine(client, conference).links()
