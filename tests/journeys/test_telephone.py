"""A woman of 75 with a telephone and a letter box, from the first call to her place; no internet on her side."""

import io
from datetime import timedelta

from pypdf import PdfReader

from app.database import db, now
from app.domain import offers, registrations, secrets
from app.models import (
    ContactChannel,
    Message,
    MessageWay,
    RegistrationStatus,
    SeatState,
    StaffRole,
    Translated,
)
from tests import make
from tests.browse import Form, visit, words
from tests.exports.test_pdf import faults
from tests.journeys.conftest import come_in, signed_in

HOME = "Helga Alt\nAm langen Weg 17 a\n12345 Neustadt"


def place_of(conference, **more):
    return {"host": conference.host.key, "conference": conference.key, **more}


def press(page, text):
    """Press the button with these words and go where it leads."""
    found = next(
        form
        for form in page.all("form")
        if any(words(held).partition(":")[0] == text for held in form.iter("button"))
    )
    values = {field.get("name"): field.get("value", "") for field in found.iter("input")}
    return Form(page, found, values).send(status=302).follow()


def code_on(page):
    return "-".join(part.text for part in page.all(class_="code-card__part"))


def printed(page):
    """The words of the letter staff print from this page; it conforms to what is promised of documents."""
    made = page.form().send(address=HOME, status=200).response
    assert faults(made.data, "ua1") == faults(made.data, "2a") == []
    return " ".join(
        " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(made.data)).pages).split()
    )


def test_a_woman_of_75_takes_part_by_telephone_and_letter(app, clock, host):
    team = make.staff_member(StaffRole.ORGANIZER, host, email="telefon@neustadt.example")
    venue = make.venue(host, name="Bürgerhaus", directions=Translated("Bus 384 bis Bürgerhaus"))
    conference = make.conference(
        host,
        title=Translated("Zusammen in Nord"),
        starts_at=make.at("2026-04-16 15:00"),
        venue_id=venue.id,
        capacity=2,
        makes_offers=True,
        offer_hours=48,
    )
    housing = make.group(conference, capacity=1, title="Wohnen").rounds[0]
    couple = make.registered(conference, people=2)[0]
    desk = signed_in(app, team)

    # She calls. The conference is full: the clerk puts her on the list and prints a letter with her code.
    form = visit(desk, "signup.register_by_phone", **place_of(conference)).form()
    screen = form.send(
        display_name="Helga Alt",
        contact_channel="phone",
        contact="0209 123456",
        round_1=str(housing.id),
        status=302,
    ).follow()
    code, letter = code_on(screen), printed(screen)
    for sentence in (
        "Helga Alt Am langen Weg 17 a 12345 Neustadt",
        "Guten Tag Helga Alt,",
        "Sie stehen auf der Warteliste, auf Platz 1.",
        "Donnerstag, 16. April 2026",
        "17:00 bis 20:00 Uhr",
        "Bus 384 bis Bürgerhaus",
        code.replace("-", " "),
        "Rufen Sie uns an unter 02000 54321. Nennen Sie die drei Wörter und die Zahl.",
    ):
        assert sentence in letter
    helga = registrations.by_code(host.id, code)
    # It is her registration; the clerk has only noted it, and where she lives is kept nowhere.
    assert (helga.display_name, helga.created_by_id) == ("Helga Alt", team.id)
    assert secrets.decrypt(helga.contact) == "0209 123456"
    make.registration(conference, contact_channel=ContactChannel.EMAIL, contact="b@post.example", name="Bela")

    # The couple cannot come. Bela is asked by mail; Helga's two days do not begin before somebody has told her.
    registrations.cancel(couple)
    clock.shift(timedelta(hours=49))
    assert offers.lapse_due(now()) == 1
    assert helga.status is RegistrationStatus.OFFERED
    desk = signed_in(app, team)
    todo = visit(desk, "signup.registrations", **place_of(conference))
    assert "Helga Alt: 1 Platz bei der Konferenz Anrufen: 0209 123456" in todo.text
    told = press(todo, "Ich habe angerufen – Frist läuft jetzt")
    assert "Notiert. Die Frist läuft bis" in told.text
    assert "Zu tun" not in visit(desk, "signup.registrations", **place_of(conference)).text

    # She asks her daughter first, and calls back the next day with the words of her letter.
    clock.shift(timedelta(hours=30))
    assert offers.lapse_due(now()) == 0
    desk = signed_in(app, team)
    found = visit(desk, "signup.registrations", **place_of(conference), q=code.replace("-", " "))
    page = visit(desk, found.links()["Helga Alt"])
    page = press(page, "Nimmt an")
    assert "Der Platz ist vergeben" in page.text
    assert [seat.state for seat in helga.participants[0].live_seats] == [SeatState.SEATED]
    again = printed(visit(desk, page.links()["Brief"]))
    assert "Sie sind angemeldet." in again
    assert "Wohnen Sie haben einen Platz." in again
    # The code was known for an hour only; her own still holds.
    assert "Ihren Code haben Sie schon." in again
    assert registrations.by_code(host.id, code) == helga

    # The letter got lost: a new code, a new letter, and the old words open nothing.
    screen = visit(desk, page.links()["Neuer Code"]).form().send(status=302).follow()
    newer = code_on(screen)
    assert newer.replace("-", " ") in printed(screen)
    assert registrations.by_code(host.id, newer) == helga
    assert visit(desk, "signup.enter_code", host=host.key).form().send(code=code).status == 422

    # What happened stands there, with who did it, and nothing ever went to her by mail.
    history = [
        words(line) for line in page_of(desk, conference, helga).one("ol", class_="history").iter("li")
    ]
    assert [line.split(": ", 1)[1] for line in history] == [
        f"neuer Code, durch {team.name}",
        f"Angebot angenommen, durch {team.name}",
        f"angerufen, die Frist läuft, durch {team.name}",
        "Platz angeboten",
        f"auf die Warteliste gesetzt, durch {team.name}",
    ]
    # On the day she brings the letter. Somebody reads its words out at the door, or holds the sheet to the camera.
    assert "Für den Einlass" in printed(visit(desk, page_of(desk, conference, helga).links()["Brief"]))
    clock.move_to(make.at("2026-04-16 14:45"))
    came = come_in(app, conference, newer)
    assert "Helga Alt" in came.text
    assert "da seit 16:45" in came.text
    ways = {message.way for message in db.session.query(Message).filter_by(registration_id=helga.id)}
    assert MessageWay.EMAIL not in ways


def page_of(client, conference, registration):
    return visit(client, "signup.registration", **place_of(conference, registration=registration.id))
