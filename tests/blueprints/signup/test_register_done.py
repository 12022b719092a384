"""After registering: the page with the code says truly what came of it, once and for a short time."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.database import db, transaction
from app.domain import codes, registrations
from app.models import (
    ConferenceStatus,
    Message,
    MessageState,
    Registration,
    SeatState,
)
from tests import make
from tests.browse import visit


def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


def form_of(client, conference, **values):
    return visit(client, "signup.register", **where(conference), **values).form()


def rows():
    return list(db.session.scalars(select(Registration).order_by(Registration.id)))


def count():
    return db.session.scalar(select(func.count(Registration.id)))


def code_on(page):
    return "-".join(part.text for part in page.all(class_="code-card__part"))


def test_going_back_to_an_old_form_after_cancelling_does_not_revive_it(client):
    conference = make.conference()
    form = form_of(client, conference)
    form.send(role_group="resident", status=302)
    registrations.cancel(rows()[0])

    page = form.send(role_group="resident", status=302).follow(302).follow()

    assert "Diese Anmeldung ist abgesagt" in page.text
    assert count() == 1


def test_a_group_that_filled_meanwhile_gives_a_place_in_the_queue_and_says_so(client):
    conference = make.conference()
    wanted = make.group(conference, capacity=1, title="Wohnen")
    make.group(conference, capacity=1, title="Bewegen")
    form = form_of(client, conference)
    for _other in range(2):
        make.registration(conference, wanted.rounds[0])

    page = form.send(role_group="resident", round_1="1", status=302).follow()

    assert "Sie stehen auf Platz 2 der Warteliste" in page.text
    assert page.links()["Bewegen"].endswith("/meine-anmeldung/gruppen?gruppe=2")
    assert rows()[2].participants[0].live_seats[0].state is SeatState.WAITING


def test_where_all_groups_are_full_the_page_says_so(client):
    conference = make.conference()
    make.group(conference, capacity=0)

    page = form_of(client, conference).send(role_group="resident", round_1="1", status=302).follow()

    assert "Zurzeit sind alle Gruppen dieser Runde voll." in page.text


def test_a_form_sent_before_closing_and_again_after_it_is_still_accepted(client):
    conference = make.conference()
    form = form_of(client, conference)
    form.send(role_group="resident", status=302)
    with transaction():
        conference.status = ConferenceStatus.REGISTRATION_CLOSED

    assert form.send(role_group="resident", status=302).follow().h1 == "Sie sind angemeldet"


def test_the_code_is_shown_for_half_an_hour_and_stands_nowhere_in_clear(client, clock):
    conference = make.conference()
    page = form_of(client, conference).send(role_group="resident", status=302).follow()
    code = code_on(page)
    assert code == codes.normalise(code)
    assert code not in str([vars(row) for row in rows()])

    clock.shift(timedelta(minutes=29))
    assert code_on(visit(client, page.address)) == code
    clock.shift(timedelta(minutes=2))
    later = visit(client, page.address)

    assert code_on(later) == ""
    assert "Er wird nur einmal gezeigt." in later.text
    assert code not in later.response.text


def test_the_page_with_the_code_is_not_kept_and_its_picture_does_not_tell_the_code(client):
    conference = make.conference()

    page = form_of(client, conference).send(role_group="resident", status=302).follow()

    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert f"http://localhost/{conference.host.key}/meine-anmeldung" in page.text
    assert code_on(page) not in str(page.one(class_="code-card__qr").attrib)
    svg = page.one(class_="code-card__qr")[0]
    assert svg.get("role") == "img"
    assert "führt zu der Seite" in (svg[0].text or "")


@pytest.mark.parametrize(
    ("mail_url", "state", "reason", "words"),
    [
        ("smtp://localhost", MessageState.QUEUED, "", "Die Bestätigung ist unterwegs."),
        ("", MessageState.QUEUED, "", "Der Mail-Versand steht gerade still. Ihre Anmeldung gilt."),
        ("smtp://localhost", MessageState.QUEUED, "keine Verbindung", "Der Mail-Versand steht gerade still."),
        ("smtp://localhost", MessageState.SENT, "", "Die Bestätigung ist abgeschickt."),
        ("smtp://localhost", MessageState.FAILED, "550", "vielleicht nicht angekommen. Ihre Anmeldung gilt."),
        ("smtp://localhost", MessageState.UNKNOWN, "?", "vielleicht nicht angekommen. Ihre Anmeldung gilt."),
    ],
)
def test_the_state_of_the_mail_is_told_truthfully(app, client, monkeypatch, mail_url, state, reason, words):
    monkeypatch.setitem(app.config, "MAIL_URL", mail_url)
    conference = make.conference()
    done = form_of(client, conference).send(
        role_group="resident", contact_channel="email", email="a@b.de", status=302
    )
    with transaction():
        message = db.session.scalars(select(Message)).one()
        message.state, message.last_error = state, reason

    assert words in done.follow().text


def test_whoever_left_a_telephone_number_reads_that_it_is_known(client):
    conference = make.conference()

    page = (
        form_of(client, conference)
        .send(role_group="resident", contact_channel="phone", phone="02000 12345", status=302)
        .follow()
    )

    assert "Wir wissen, wie wir Sie erreichen" in page.text
