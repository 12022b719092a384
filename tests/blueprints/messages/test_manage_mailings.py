"""Messages to many, from draft to release."""

from __future__ import annotations

from sqlalchemy import select

from app.database import db
from app.domain import editing, mailings
from app.domain.mailings import Audience
from app.models import Conference, ContactChannel, Mailing, MailingState, Message, MessageKind
from tests import make
from tests.browse import visit
from tests.visitor import Visitor

PLACE = {"host": "beispiel", "conference": "konferenz"}
MANY = "/verwaltung/beispiel/konferenz/nachrichten/an-viele"


def person(conference: Conference, name: str = "Amina") -> None:
    make.registration(
        conference, name=name, contact_channel=ContactChannel.EMAIL, contact=f"{name}@post.example"
    )


def sent() -> int:
    db.session.expire_all()
    return len(db.session.scalars(select(Message).where(Message.kind == MessageKind.REMINDER)).all())


def test_a_mailing_is_a_draft_until_it_is_released_and_twice_is_once(
    staff_client: Visitor, conference: Conference
) -> None:
    person(conference)
    person(conference, "Ben")

    answer = staff_client.post(
        f"{MANY}/neu/erinnerung", data={"ways": ["email", "letter"], "note_de": "Bitte warm anziehen."}
    )
    mailing = db.session.scalars(select(Mailing)).one()
    assert answer.location.endswith(f"/an-viele/{mailing.id}")
    page = visit(staff_client, "messages.mailing", **PLACE, mailing=mailing.id)

    assert "E-Mail 2" in page.text
    assert "Bitte warm anziehen." in page.text
    assert sent() == 0
    release = page.form(f"{MANY}/{mailing.id}/freigeben")
    assert "Freigegeben: 2 Nachrichten sind unterwegs." in release.send().follow().text
    assert "Niemand bekommt sie zweimal." in release.send().follow().text
    assert sent() == 2


def test_a_draft_is_changed_and_discarded(staff_client: Visitor, conference: Conference) -> None:
    person(conference)
    mailing = mailings.draft(conference, MessageKind.REMINDER, Audience())
    shown = editing.seen(mailings.values(mailing))

    staff_client.post(
        f"{MANY}/{mailing.id}", data={"ways": ["letter"], "waiting": "y", "shown": shown, "note_de": "Neu."}
    )
    db.session.expire_all()
    assert mailing.audience == Audience(waiting=True, ways=(Audience().ways[1],)).as_stored()
    assert mailing.note == {"de": "Neu."}
    page = visit(staff_client, "messages.mailing", **PLACE, mailing=mailing.id)
    done = page.form(f"{MANY}/{mailing.id}/verwerfen").send().follow()

    assert "Niemand bekommt ihn." in done.text
    db.session.expire_all()
    assert mailing.state is MailingState.DISCARDED


def test_a_choice_that_was_not_offered_is_refused(staff_client: Visitor, conference: Conference) -> None:
    answer = staff_client.post(f"{MANY}/neu/erinnerung", data={"ways": ["taube"], "groups": ["99"]})

    assert answer.status_code == 422
    assert db.session.scalars(select(Mailing)).all() == []
    assert staff_client.get(f"{MANY}/neu/angebot").status_code == 404


def test_a_cancelled_conference_says_that_nobody_knows_and_prepares_the_message(
    staff_client: Visitor, conference: Conference
) -> None:
    person(conference)

    step = visit(staff_client, "conferences.change_status", **PLACE, step="absagen")
    next_page = step.form().send().follow()
    overview = visit(staff_client, "messages.overview", **PLACE)

    prepared = step.links()["Zur vorbereiteten Nachricht an alle"]
    assert visit(staff_client, prepared).title.startswith("An viele: Konferenz abgesagt")
    assert "Eine Nachricht an alle ist vorbereitet" in step.text
    assert "Wer angemeldet ist, weiß das noch nicht." in next_page.text
    assert "Die Konferenz ist abgesagt. Nachricht vorbereiten: Konferenz abgesagt" in overview.text
    assert "Nachricht vorbereiten: Konferenz abgesagt" in overview.links()


def test_a_mailing_of_another_conference_is_not_found(staff_client: Visitor, conference: Conference) -> None:
    foreign = mailings.draft(make.conference(), MessageKind.REMINDER, Audience())

    assert staff_client.get(f"{MANY}/{foreign.id}").status_code == 404
    assert staff_client.post(f"{MANY}/{foreign.id}/freigeben").status_code == 404
