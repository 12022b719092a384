"""Texts of messages, with a look at them before they are saved."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.domain import message_texts, secrets
from app.models import Conference, ContactChannel, Message, MessageKind, StaffMember, StaffRole
from tests import make
from tests.browse import Page, visit
from tests.visitor import Visitor

PLACE = {"host": "beispiel", "conference": "konferenz"}
TEXTS = "/verwaltung/beispiel/konferenz/nachrichten/texte"


def edit(client: Visitor, kind_slug: str = "erinnerung", code: str = "de", **query: object) -> Page:
    return visit(client, "messages.edit_text", **PLACE, kind_slug=kind_slug, code=code, **query)


def stored(conference: Conference, kind: MessageKind = MessageKind.REMINDER) -> dict[str, str]:
    db.session.expire_all()
    return message_texts.values(message_texts.find(conference.id, kind, "de"))


def test_a_text_is_saved_and_shown_as_one_recipient_reads_it(
    staff_client: Visitor, conference: Conference
) -> None:
    make.registration(conference, name="Erste")
    second = make.registration(conference, name="Zweite")
    here = f"{TEXTS}/erinnerung/de"

    saved = edit(staff_client).form(here).send(subject="Bald: {titel}", body="Liebe Person {name}!").follow()

    assert "Der Text ist gespeichert." in saved.text
    assert "Liebe Person Erste!" in saved.text
    assert "Liebe Person Zweite!" in edit(staff_client, an=second.id).text
    assert stored(conference) == {"subject": "Bald: {titel}", "body": "Liebe Person {name}!"}


def test_an_unknown_placeholder_says_which_and_keeps_what_was_typed(
    staff_client: Visitor, conference: Conference
) -> None:
    page = (
        edit(staff_client)
        .form(f"{TEXTS}/erinnerung/de")
        .send(status=422, subject="Bald", body="Am {datum} im Saal.")
    )

    assert page.errors()["body"].startswith(
        "Den Platzhalter {datum} gibt es nicht. Möglich sind hier: {titel}"
    )
    assert "Am {datum} im Saal." in page.response.text
    assert stored(conference) == {"subject": "", "body": ""}


def test_a_look_before_saving_saves_nothing(staff_client: Visitor, conference: Conference) -> None:
    make.registration(conference, name="Erste")

    answer = staff_client.post(
        f"{TEXTS}/erinnerung/de", data={"subject": "Bald", "body": "Hallo {name}.", "vorschau": "1"}
    )

    assert "Hallo Erste." in answer.text
    assert "Sie ist noch nicht gespeichert." in answer.text
    assert stored(conference) == {"subject": "", "body": ""}


def test_the_usual_words_come_back(staff_client: Visitor, conference: Conference) -> None:
    message_texts.save(conference, MessageKind.REMINDER, "de", subject="Bald", body="Bald.")

    page = edit(staff_client).form(f"{TEXTS}/erinnerung/de/ueblich").send().follow()

    assert "Es gelten die üblichen Worte." in page.text
    assert stored(conference) == {"subject": "", "body": ""}


def test_a_test_goes_to_the_one_who_is_signed_in(
    staff_client: Visitor, conference: Conference, organizer: StaffMember
) -> None:
    make.registration(
        conference, name="Erste", contact_channel=ContactChannel.EMAIL, contact="erste@post.example"
    )

    page = edit(staff_client).form(f"{TEXTS}/erinnerung/de/test").send().follow()

    assert f"Der Test geht an {organizer.email} und an niemanden sonst." in page.text
    (trial,) = db.session.scalars(select(Message).where(Message.kind == MessageKind.REMINDER)).all()
    assert secrets.decrypt(trial.recipient) == organizer.email
    assert trial.registration_id is None


@pytest.mark.parametrize(
    "address", ["unfug/de", "erinnerung/xx", "erinnerung/ar", "erinnerung/de?an=999999999999999999999"]
)
def test_what_does_not_exist_is_not_found_or_ignored(
    staff_client: Visitor, conference: Conference, address: str
) -> None:
    expected = 200 if "?" in address else 404

    assert staff_client.get(f"{TEXTS}/{address}").status_code == expected


def test_nobody_looks_with_a_registration_of_another_conference(
    staff_client: Visitor, conference: Conference
) -> None:
    foreign = make.registration(make.conference(), name="Fremd")

    assert staff_client.get(f"{TEXTS}/erinnerung/de?an={foreign.id}").status_code == 404


def test_helpers_see_the_outbox_and_no_texts(client: Visitor, conference: Conference) -> None:
    make.sign_in(client, make.staff_member(StaffRole.HELPER, conference.host))

    assert client.get(TEXTS).status_code == 403
    assert "Texte ändern" not in visit(client, "messages.overview", **PLACE).text


def test_an_arabic_text_is_written_from_right_to_left(staff_client: Visitor, conference: Conference) -> None:
    with transaction():
        conference.languages = ["de", "ar"]

    page = edit(staff_client, code="ar")

    assert page.one(id="body").get("dir") == "rtl"
