"""Residents: from the form to the evening, with everything that can come between."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from icalendar import Calendar
from sqlalchemy import select

from app.database import db, transaction
from app.domain import lifecycle, seats
from app.models import Conference, Message, MessageState, Registration, Seat, SeatState, Translated
from tests import make
from tests.browse import visit

NASTY = "<script>alert(1)</script> \u202eلمى\u202c & „Ö“ 😀"


def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


def register(client, conference, *, language="de", **typed):
    """Fill in the form and send it; returns the page with the code."""
    form = visit(client, "signup.register", language=language, **where(conference)).form()
    return form.send({"role_group": "resident", **typed}, status=302).follow()


def code_on(page):
    return "-".join(part.text for part in page.all(class_="code-card__part"))


def with_code(client, conference, code):
    """The registration this code opens."""
    form = visit(client, "signup.enter_code", host=conference.host.key).form()
    return form.send(code=code, status=302).follow()


def held():
    """Who sits and who waits, by name; waiting with the ticket, so that the order can be seen."""
    db.session.expire_all()
    found = {}
    for seat in db.session.scalars(select(Seat).order_by(Seat.ticket)):
        if seat.state is not SeatState.RELEASED:
            found[seat.participant.registration.display_name] = (seat.state.value, seats.queue_position(seat))
    return found


def text_of(mail):
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_a_mail_leads_back_and_the_next_in_the_queue_is_told(app, host, somebody, postbox, deliver):
    conference = make.conference(host)
    make.group(conference, capacity=1, title="Wohnen")
    amina, bela = somebody(), somebody()

    done = register(
        amina,
        conference,
        display_name="Amina",
        round_1="1",
        contact_channel="email",
        email="amina@post.example",
    )
    assert "Die Bestätigung ist unterwegs." in done.text
    waiting = register(
        bela, conference, display_name="Bela", round_1="1", contact_channel="email", email="bela@post.example"
    )
    assert "Sie stehen auf Platz 1 der Warteliste" in waiting.text
    assert deliver() == 2
    assert sorted(postbox.recipients) == ["amina@post.example", "bela@post.example"]
    assert held() == {"Amina": ("seated", None), "Bela": ("waiting", 1)}

    # Days later, on another device: the link of the mail opens the registration, and the calendar file fits.
    mail = next(mail for mail in postbox.mails if "amina" in mail["To"])
    link = urlsplit(re.search(r"http://localhost\S+/link/\S+", text_of(mail))[0]).path
    (attached,) = mail.iter_attachments()
    (event,) = Calendar.from_ical(attached.get_payload(decode=True)).walk("VEVENT")
    assert event["DTSTART"].dt == conference.starts_at
    elsewhere = somebody()
    mine = visit(elsewhere, link, status=302).follow()
    assert "Amina" in mine.text
    assert "Wohnen" in mine.text

    page = visit(elsewhere, mine.links()["Absagen: Ich komme doch nicht"])
    assert "Ihre Anmeldung ist abgesagt." in page.form(page.address).send(status=302).follow().text

    assert held() == {"Bela": ("seated", None)}
    assert deliver() == 2
    told = next(mail for mail in postbox.mails[2:] if "bela" in mail["To"])
    assert "Wohnen" in text_of(told)
    assert "Platz sicher" in visit(bela, "signup.mine", **where(conference)).text
    # The old link still opens it, and says what is the case.
    assert "Diese Anmeldung ist abgesagt" in visit(elsewhere, link, status=302).follow().text


def test_a_form_left_open_for_twelve_hours_while_everything_changes(app, host, somebody, clock):
    conference = make.conference(host, registration_closes_at=make.at("2026-03-10 12:00"))
    wanted = make.group(conference, capacity=1, title="Wohnen")
    client = somebody()
    form = visit(client, "signup.register", **where(conference)).form()

    clock.shift(timedelta(hours=12))
    make.registration(conference, wanted.rounds[0], name="War schneller")
    done = form.send(role_group="resident", display_name="Amina", round_1="1", status=302).follow()

    # The group filled meanwhile: a place in the queue, said plainly.
    assert "Sie stehen auf Platz 1 der Warteliste" in done.text
    code = code_on(done)

    clock.shift(timedelta(seconds=5))
    # The back button, and the same form once more: nothing is doubled, the code is the same.
    again = form.send(role_group="resident", display_name="Amina", round_1="1", status=302).follow()
    assert code_on(again) == code
    assert "Diese Anmeldung hatten wir schon." in again.text
    assert held() == {"War schneller": ("seated", None), "Amina": ("waiting", 1)}

    # A second person with an old page, after the deadline: nothing typed is lost.
    late = somebody()
    form = visit(late, "signup.register", **where(conference)).form()
    clock.move_to(make.at("2026-03-10 12:00"))
    refused = form.send(role_group="resident", display_name="Zu spät", round_1="1", status=422)
    assert "Die Anmeldung ist geschlossen." in refused.errors()[""]
    assert refused.form().values["display_name"] == "Zu spät"
    assert held() == {"War schneller": ("seated", None), "Amina": ("waiting", 1)}

    # Groups stay as they are now, and cancelling is still possible.
    mine = with_code(somebody(), conference, code)
    assert "Die Gruppen lassen sich hier nicht mehr ändern" in mine.text
    assert "Absagen: Ich komme doch nicht" in mine.links()


def test_a_conference_is_called_off_while_somebody_registers(app, host, somebody):
    conference = make.conference(host)
    make.group(conference, title="Wohnen")
    first = somebody()
    code = code_on(register(first, conference, display_name="Amina", round_1="1"))
    form = visit(somebody(), "signup.register", **where(conference)).form()

    lifecycle.cancel(conference)

    assert form.send(role_group="resident", status=422).errors()[""]
    assert "Diese Konferenz ist abgesagt." in visit(somebody(), "conferences.show", **where(conference)).text
    assert "abgesagt" in with_code(somebody(), conference, code).text
    assert len(db.session.scalars(select(Registration)).all()) == 1


def test_a_lost_cookie_costs_one_more_press_and_nothing_else(app, host, somebody):
    conference = make.conference(host)
    make.group(conference, title="Wohnen")
    client = somebody()
    form = visit(client, "signup.register", **where(conference)).form()
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])

    refused = form.send(role_group="resident", display_name="Amina", round_1="1", status=422)
    done = refused.form().send(status=302).follow()

    assert held() == {"Amina": ("seated", None)}
    code = code_on(done)
    client.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    # Without cookie the page of the registration asks for the code.
    asked = visit(client, "signup.mine", status=302, **where(conference)).follow()
    assert asked.form().send(code=code, status=302).follow().h1 == "Meine Anmeldung"


def test_guessing_codes_is_slower_with_each_try_and_only_for_the_one_who_guesses(app, host, somebody, clock):
    conference = make.conference(host)
    _registration, code = make.registered(conference, name="Amina")
    guesser, honest = somebody(), somebody()

    waits = []
    for _ in range(5):
        form = visit(guesser, "signup.enter_code", host=host.key).form()
        refused = form.send(code="apfel-birne-kirsche-11", status=422)
        # One sentence, whether there is such a code or not, and no word of any registration.
        assert "Amina" not in refused.response.text
        slowed = refused.form().send(code=code, status=429)
        waits.append(int(slowed.response.headers["Retry-After"]))
        assert slowed.form().values["code"] == code
        clock.shift(timedelta(seconds=waits[-1]))

    assert waits == sorted(set(waits))
    assert waits[-1] >= 8 * waits[0]
    assert "Amina" in with_code(honest, conference, code).text
    # Whoever has waited gets in.
    assert "Amina" in with_code(guesser, conference, code).text


def test_mails_wait_while_the_mail_server_is_down(
    app, clock, host, somebody, organizer, monkeypatch, deliver
):
    from tests import mailserver

    conference = make.conference(host)
    make.group(conference, title="Wohnen")
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{mailserver.free_port()}")

    client = somebody()
    done = register(
        client,
        conference,
        display_name="Amina",
        round_1="1",
        contact_channel="email",
        email="amina@post.example",
    )
    assert done.h1 == "Sie sind angemeldet"
    assert deliver() == 0

    # The registration stands; the mail waits, and both sides are told.
    assert held() == {"Amina": ("seated", None)}
    (message,) = db.session.scalars(select(Message))
    assert (message.state, bool(message.last_error)) == (MessageState.QUEUED, True)
    reason = message.last_error
    db.session.rollback()
    assert (
        "Der Mail-Versand steht gerade still. Ihre Anmeldung gilt."
        in visit(client, "signup.done", **where(conference)).text
    )
    assert reason in visit(organizer, "messages.outbox", **where(conference)).text
    assert "1" in visit(organizer, "accounts.dashboard").text

    # It comes back.
    with mailserver.running() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{box.port}")
        clock.shift(timedelta(hours=1))
        assert deliver() == 1
        assert box.recipients == ["amina@post.example"]
    assert reason not in visit(organizer, "messages.outbox", **where(conference)).text
    assert "gesendet" in visit(organizer, "messages.outbox", **where(conference)).text


def test_hostile_text_goes_all_the_way_as_text(app, host, somebody, organizer, postbox, deliver):
    conference = make.conference(host, title=Translated(NASTY))
    make.group(conference, title=NASTY)
    client = somebody()

    done = register(
        client,
        conference,
        display_name=NASTY,
        organisation=NASTY,
        round_1="1",
        contact_channel="email",
        email="amina@post.example",
    )
    registration_id = db.session.scalar(select(Registration.id))
    pages = [
        done,
        visit(client, "signup.mine", **where(conference)),
        visit(client, "conferences.show", **where(conference)),
        visit(organizer, "signup.registrations", **where(conference)),
        visit(organizer, "signup.registration", registration=registration_id, **where(conference)),
        visit(organizer, "messages.outbox", **where(conference)),
    ]

    # visit() has parsed each page strictly and found no script in it.
    assert [NASTY in page.everything for page in pages] == [True] * len(pages)
    assert deliver() == 1
    (mail,) = postbox.mails
    assert NASTY in text_of(mail)
    assert "<script>alert" not in mail.get_body(("html",)).get_content()
    calendar = visit(client, "signup.calendar", **where(conference)).response
    (event,) = Calendar.from_ical(calendar.data).walk("VEVENT")
    assert event["SUMMARY"] == NASTY
    form = visit(somebody(), "signup.register", **where(conference)).form()
    refused = form.send(role_group="resident", display_name="ä" * 100_000, status=422)
    assert "100000 Zeichen" in refused.errors()["display_name"]
    assert len(refused.form().values["display_name"]) == 100_000


def test_the_same_story_in_arabic(app, host, somebody, postbox, deliver):
    conference = make.conference(host, languages=["de", "ar"])
    make.group(conference, title="Wohnen")
    client = somebody()

    done = register(
        client,
        conference,
        language="ar",
        display_name="لمى",
        round_1="1",
        contact_channel="email",
        email="lama@post.example",
    )

    assert done.address.startswith("/ar/")
    assert (done.one("html").get("lang"), done.one("html").get("dir")) == ("ar", "rtl")
    assert deliver() == 1
    (mail,) = postbox.mails
    link = re.search(r"http://localhost(/ar/\S+/link/\S+)", text_of(mail))[1]
    mine = visit(somebody(), link, status=302).follow()
    assert mine.one("html").get("dir") == "rtl"
    assert "لمى" in mine.text
    page = visit(client, "/ar" + f"/{conference.host.key}/{conference.key}/meine-anmeldung/absagen")
    page.form(page.address).send(status=302).follow()
    assert held() == {}


def test_three_hundred_days_later_everything_says_that_it_is_over(app, host, somebody, clock):
    conference = make.conference(host, starts_at=make.at("2026-03-20 16:00"))
    make.group(conference, title="Wohnen")
    _registration, code = make.registered(conference, name="Amina")
    form = visit(somebody(), "signup.register", **where(conference)).form()

    clock.shift(timedelta(days=300))

    for endpoint in ("conferences.show", "conferences.programme", "conferences.groups", "signup.register"):
        assert visit(somebody(), endpoint, **where(conference)).response.status_code == 200
    assert "Diese Konferenz ist vorbei." in visit(somebody(), "signup.register", **where(conference)).text
    assert form.send(role_group="resident", status=422).errors()
    mine = with_code(somebody(), conference, code)
    assert "Diese Konferenz ist vorbei." in mine.text
    assert "Absagen: Ich komme doch nicht" not in mine.links()
    assert db.session.scalar(select(Conference.places_taken)) == 1


def test_a_name_is_corrected_by_telephone_and_a_new_code_ends_the_old_one(app, host, somebody, organizer):
    conference = make.conference(host)
    registration, old = make.registered(conference, name="Amnia")
    registration_id = registration.id
    link = visit(organizer, "signup.registration", registration=registration_id, **where(conference))
    assert "Amnia" in link.text

    form = visit(organizer, "signup.correct", registration=registration_id, **where(conference)).form()
    form.send(display_name="Amina", status=302)
    ask = visit(organizer, "signup.new_code", registration=registration_id, **where(conference))
    letter = ask.form().send(status=302).follow()
    new = "-".join(part.text for part in letter.all(class_="code-card__part"))

    assert "Amina" in with_code(somebody(), conference, new).text
    page = visit(somebody(), "signup.enter_code", host=host.key)
    page.form().send(code=old, status=422)


def test_nothing_is_left_open_by_a_transaction_that_failed(app, host, somebody):
    """After every refusal the next visitor finds a database that takes writes."""
    conference = make.conference(host, capacity=1, has_queue=False)
    forms = [visit(somebody(), "signup.register", **where(conference)).form() for _ in range(3)]

    answers = [form.send(role_group="resident", status=None).status for form in forms]

    assert answers == [302, 422, 422]
    with transaction():
        conference.capacity = 2
    assert forms[1].send(role_group="resident", status=302)
    assert db.session.scalar(select(Conference.places_taken)) == 2
