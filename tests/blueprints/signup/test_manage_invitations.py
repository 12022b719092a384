"""Invitations of institutions as staff word, send and follow them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import letters
from app.database import db, transaction
from app.domain import invitations, message_texts
from app.letters import institutions
from app.models import Conference, Host, InvitationState, Message, StaffMember, StaffRole
from tests import counting, make
from tests.blueprints.signup.desk import PLACE
from tests.browse import Page, visit, words
from tests.visitor import Visitor

KIND = institutions.KIND
BODY = (
    "Liebes Team von {einrichtung},\nbis zu {personen} Menschen können am {tag} kommen.\n\n{link}\n\nBis bald"
)


def edit(client: Visitor, code: str = "de", **options: Any) -> Page:
    return visit(client, "signup.edit_invitation_text", **PLACE, code=code, **options)


def listed(client: Visitor) -> Page:
    return visit(client, "signup.manage_invitations", **PLACE)


def invited(conference: Conference, by: StaffMember, name: str = "Tafel", **more: Any) -> Any:
    wanted = invitations.Wanted(name, **{"email": "post@tafel.example", **more})
    invitation = invitations.add(conference, wanted, by=by)
    invitations.invite(invitation)
    return invitation


def sent() -> list[letters.Letter]:
    """What institutions were written, in its order."""
    rows = db.session.scalars(select(Message).where(Message.kind == KIND).order_by(Message.id))
    return [letters.write(message) for message in rows]


def test_own_words_are_looked_at_saved_and_sent(
    staff_client: Visitor, organizer: StaffMember, conference: Conference
) -> None:
    page = edit(staff_client)
    assert "Es gelten die üblichen Worte." in page.text
    assert "lädt Verein Beispiel zu dieser Konferenz ein." in page.text
    address = "/verwaltung/beispiel/konferenz/einladungen/text/de"

    seen = page.form(address).send(subject="Kommen Sie zu {titel}?", body=BODY, vorschau="1")
    before = message_texts.find(conference.id, KIND, "de")
    seen.form(address).send(status=303)
    invited(conference, organizer)
    (letter,) = sent()

    assert "Liebes Team von Verein Beispiel" in seen.text
    assert "Sie ist noch nicht gespeichert." in seen.text
    assert before is None
    text = letter.text
    assert letter.subject.endswith(f"Kommen Sie zu {conference.title}?")
    assert "Liebes Team von Tafel" in text
    assert "bis zu 2 Menschen" in text
    assert "/einladung/" in text


@pytest.mark.parametrize(
    ("subject", "body", "field"),
    [
        ("", "{link}", "subject"),
        ("Ja", "", "body"),
        ("Ja", "Ohne Weg zu antworten", "body"),
        ("Ja", "{link} {gruppen}", "body"),
        ("{link}", "{link}", "subject"),
        ("Ja", "{link} {", "body"),
        ("x" * 3000, "{link}", "subject"),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused_at_its_field(
    staff_client: Visitor, conference: Conference, subject: str, body: str, field: str
) -> None:
    form = edit(staff_client).form("/verwaltung/beispiel/konferenz/einladungen/text/de")

    for more in ({}, {"vorschau": "1"}):
        page = form.send({"subject": subject, "body": body, **more}, status=422)
        assert list(page.errors()) == [field]

    assert message_texts.find(conference.id, KIND, "de") is None


def test_two_who_write_the_text_see_both(staff_client: Visitor, conference: Conference) -> None:
    form = edit(staff_client).form("/verwaltung/beispiel/konferenz/einladungen/text/de")
    message_texts.save(conference, KIND, "de", subject="Erste", body="Hier: {link}")

    page = form.send(subject="Zweite", body="Da: {link}", status=422)

    assert "Erste" in page.text
    assert "Zweite" in page.text
    text = message_texts.find(conference.id, KIND, "de")
    assert text is not None
    assert text.subject == "Erste"


def test_the_usual_words_come_back_and_other_languages_stand_beside(
    staff_client: Visitor, conference: Conference
) -> None:
    with transaction():
        conference.languages = ["de", "ar"]
    message_texts.save(conference, KIND, "de", subject="Ja", body="Hier: {link}")

    page = edit(staff_client)
    arabic = edit(staff_client, "ar")
    back = page.form("/verwaltung/beispiel/konferenz/einladungen/text/de/ueblich").send(status=303).follow()

    assert arabic.one(id="body").get("dir") == "rtl"
    assert "Es gelten die üblichen Worte." in back.text
    edit(staff_client, "tr", status=404)


def test_the_texts_of_messages_are_those_for_people_who_registered(
    staff_client: Visitor, conference: Conference
) -> None:
    assert "Einladung an eine Einrichtung" not in visit(staff_client, "messages.texts", **PLACE).text


def test_one_is_reminded_by_a_button_and_the_list_says_when(
    clock: Any, staff_client: Visitor, organizer: StaffMember, conference: Conference
) -> None:
    invitation = invited(conference, organizer)
    clock.shift(timedelta(minutes=10))
    button = f"/verwaltung/beispiel/konferenz/einladungen/{invitation.id}/erinnern"

    page = listed(staff_client).form(button).send(status=302).follow()
    twice = listed(staff_client).form(button).send(status=302).follow()

    assert "„Tafel“ bekommt den Link noch einmal." in page.text
    assert "ist gerade erst angeschrieben worden" in twice.text
    assert "erinnert am" in page.text
    first, second = [letter.subject for letter in sent()]
    assert second == f"Erinnerung: {first}"


def test_all_are_reminded_after_a_look_at_who(
    clock: Any, staff_client: Visitor, organizer: StaffMember, conference: Conference
) -> None:
    assert "Alle ohne Antwort erinnern" not in listed(staff_client).links()
    invited(conference, organizer)
    invited(conference, organizer, "Verein", email="v@p.example")
    invitations.decline(invited(conference, organizer, "Nein", email="n@p.example"))
    clock.shift(timedelta(minutes=10))
    page = visit(staff_client, listed(staff_client).links()["Alle ohne Antwort erinnern"])
    assert [
        words(entry).split(",")[0] for entry in page.one("main").iter("li") if "eingeladen am" in words(entry)
    ] == [
        "Tafel",
        "Verein",
    ]

    first = page.form(page.address).send(status=303).follow()
    second = page.form(page.address).send(status=303).follow()

    assert "Erinnert: 2." in first.text
    assert "Es war nichts zu tun" in second.text


def test_an_answer_meanwhile_is_told(
    staff_client: Visitor, organizer: StaffMember, conference: Conference
) -> None:
    invitation = invited(conference, organizer)
    form = listed(staff_client).form(f"/verwaltung/beispiel/konferenz/einladungen/{invitation.id}/erinnern")
    invitations.decline(invitation)

    assert "ist schon geantwortet worden" in form.send(status=302).follow().text
    db.session.expire_all()
    assert invitation.state is InvitationState.DECLINED


def test_helpers_invite_nobody(client: Visitor, conference: Conference, host: Host) -> None:
    make.sign_in(client, make.staff_member(StaffRole.HELPER, host))

    for endpoint, more in (
        ("manage_invitations", {}),
        ("remind_institutions", {}),
        ("edit_invitation_text", {"code": "de"}),
    ):
        visit(client, f"signup.{endpoint}", **PLACE, **more, status=403)


def test_the_list_takes_the_same_number_of_statements(
    staff_client: Visitor, organizer: StaffMember, conference: Conference
) -> None:
    counts = []
    for size in (1, 3, 30):
        for number in range(size):
            invited(conference, organizer, f"Verein {size}.{number}")
        with counting.statements() as sent:
            listed(staff_client)
        counts.append(len(sent))

    assert counts == [counts[0]] * 3
