"""With a code or a link: see the registration, choose other groups, cancel, and leave a shared device clean."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import registrations
from app.models import (
    ConferenceStatus,
    Host,
    Registration,
    SeatState,
    StaffRole,
    Translated,
)
from tests import make
from tests.browse import visit, words
from tests.counting import statements
from tests.visitor import Visitor


def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


def enter(client, host, code, status=302):
    return visit(client, "signup.enter_code", host=host.key).form().send(code=code, status=status)


def holder(client, conference, *group_rounds, **options):
    """Somebody who has registered and shown the code in this browser."""
    registration, code = make.registered(conference, *group_rounds, **options)
    enter(client, conference.host, code)
    return registration


def states(registration):
    return {
        seat.group_round.group.number: seat.state
        for seat in registration.participants[0].seats
        if seat.state is not SeatState.RELEASED
    }


@pytest.fixture
def guarded(app):
    """Forms need their token, as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize(
    "spelling",
    [
        lambda code: code,
        lambda code: code.upper(),
        lambda code: f"  {code.replace('-', '  ')} ",
        lambda code: code.replace("-", ", ").title(),
        lambda code: code.replace("ss", "ß"),
        lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        lambda code: code.upper().replace("I", "İ"),
    ],
    ids=["printed", "capitals", "blanks", "commas", "eszett", "Arabic digits", "Turkish i"],
)
def test_a_code_opens_the_registration_however_it_is_typed(client, spelling):
    conference = make.conference()
    registration, code = make.registered(conference, name="Amira")

    page = enter(client, conference.host, spelling(code)).follow()

    assert page.h1 == "Meine Anmeldung"
    assert "Amira" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    assert registration.display_name == "Amira"


@pytest.mark.parametrize("kind", ["wrong", "foreign", "malformed", "long", "bidi"])
def test_an_unknown_code_gets_one_sentence_and_no_hint(client, kind):
    conference = make.conference()
    _registration, code = make.registered(conference)
    _elsewhere, foreign = make.registered(make.conference())
    typed = {
        "wrong": code[:-2] + ("11" if code[-2:] != "11" else "12"),
        "foreign": foreign,
        "malformed": "<b>'; --",
        "long": "apfel " * 33,
        "bidi": "\u202e" + "apfel",
    }[kind]

    page = enter(client, conference.host, typed, status=422)

    assert page.errors() == {
        "code": "Mit diesem Code finden wir keine Anmeldung. Bitte prüfen Sie die drei Wörter und die Zahl."
    }
    assert page.form().values["code"] == typed.strip()


def test_a_hundred_thousand_characters_are_no_code(client):
    host = make.host()

    page = enter(client, host, "x" * 100_000, status=422)

    assert "Das ist zu lang: 100000 Zeichen." in page.errors()["code"]
    assert page.form().values["code"] == "x" * 100_000
    assert enter(client, host, "", status=422).errors() == {"code": "Bitte geben Sie Ihren Code ein."}


def test_each_wrong_code_makes_the_next_try_wait_longer(guarded, client, clock):
    conference = make.conference()
    _registration, code = make.registered(conference)
    waits = []
    for _try in range(4):
        page = enter(client, conference.host, "falsch", status=422)
        again = page.form().send(code=code, status=429)
        waits.append(int(again.response.headers["Retry-After"]))
        assert f"Bitte warten Sie noch {waits[-1]} Sekunde" in again.errors()["code"]
        assert again.form().values["code"] == code
        clock.shift(timedelta(seconds=waits[-1]))

    assert waits == [1, 2, 4, 8]
    assert enter(client, conference.host, code).follow().h1 == "Meine Anmeldung"


def test_somebody_else_does_not_wait(guarded, client, clock):
    conference = make.conference()
    _registration, code = make.registered(conference)
    enter(client, conference.host, "falsch", status=422)

    assert enter(Visitor(guarded), conference.host, code).status == 302


def test_a_link_opens_the_registration_and_leaves_the_address_bar(client):
    conference = make.conference()
    registration = make.registration(conference, name="Amira")
    token = registrations.link_token(registration)

    answer = visit(client, "signup.open_link", token=token, status=302, **where(conference))

    assert answer.response.headers["Referrer-Policy"] == "no-referrer"
    assert answer.response.headers["Cache-Control"] == "no-store"
    assert token not in answer.location
    assert "Amira" in answer.follow().text


def test_a_link_that_became_void_leads_to_the_code(client):
    conference = make.conference()
    registration = make.registration(conference)
    token = registrations.link_token(registration)
    registrations.renew_code(registration)

    for wrong in (token, "1-abc", "x", "9" * 30):
        page = visit(client, "signup.open_link", token=wrong, status=404, **where(conference))
        assert page.h1 == "Dieser Link gilt nicht mehr"
        assert page.links()["Code eingeben"] == f"/{conference.host.key}/meine-anmeldung"
    draft = make.conference(status=ConferenceStatus.DRAFT)
    hidden = visit(client, "signup.open_link", token="1-abc", status=404, **where(draft))
    assert hidden.h1 == "Diese Seite gibt es nicht"


def test_without_a_code_every_page_leads_to_the_code(client):
    conference = make.conference()
    make.registration(conference)

    for endpoint in ("mine", "done", "change_groups", "cancel", "calendar"):
        page = visit(client, f"signup.{endpoint}", status=302, **where(conference))
        assert page.location == f"/{conference.host.key}/meine-anmeldung"


def test_a_code_for_another_conference_of_the_town_leads_to_the_code(client):
    host = make.host()
    first, second = make.conference(host), make.conference(host)
    holder(client, first)

    assert (
        visit(client, "signup.mine", status=302, **where(second)).location == f"/{host.key}/meine-anmeldung"
    )
    page = visit(client, "signup.enter_code", host=host.key)
    assert f"/{host.key}/{first.key}/meine-anmeldung" in page.links().values()


def test_a_code_is_forgotten_after_a_day(client, clock):
    conference = make.conference()
    holder(client, conference)

    clock.shift(timedelta(hours=25))

    assert visit(client, "signup.mine", status=302, **where(conference)).location.endswith("/meine-anmeldung")


def test_mine_shows_seats_and_queue_places(client):
    conference = make.conference()
    free, full = make.group(conference, title="Frei", rounds=2), make.group(conference, capacity=0, rounds=2)
    for _person in range(2):
        make.registration(conference, full.rounds[1])
    holder(client, conference, free.rounds[0], full.rounds[1])

    page = visit(client, "signup.mine", **where(conference))

    assert "Frei Platz sicher" in page.text
    assert "Sie stehen auf Platz 3 der Warteliste" in page.text
    assert "Gruppe wechseln" in page.links()
    assert "Absagen: Ich komme doch nicht" in page.links()


def test_mine_needs_the_same_statements_however_many_groups_there_are(client):
    needed = []
    for rounds in (1, 6):
        conference = make.conference()
        group = make.group(conference, rounds=rounds, capacity=0)
        visitor = Visitor(client.application)
        holder(visitor, conference, *group.rounds)
        address = where(conference)
        with statements() as sent:
            visit(visitor, "signup.mine", **address)
        needed.append(len(sent))

    assert needed[0] == needed[1] <= 14


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (ConferenceStatus.REGISTRATION_CLOSED, "Die Gruppen lassen sich hier nicht mehr ändern"),
        (ConferenceStatus.PUBLISHED, "Diese Konferenz ist vorbei."),
        (ConferenceStatus.CANCELLED, "Diese Konferenz ist abgesagt."),
        (ConferenceStatus.POSTPONED, "Wer angemeldet ist, bleibt angemeldet."),
    ],
)
def test_after_closing_mine_says_why_groups_stay_and_whom_to_call(client, status, words):
    conference = make.conference()
    make.group(conference)
    holder(client, conference)
    with transaction():
        conference.status = status

    page = visit(client, "signup.mine", **where(conference))

    assert words in page.text
    assert "02000 54321" in page.text
    assert "Gruppe wechseln" not in page.links()
    assert "Absagen: Ich komme doch nicht" in page.links()
    changing = visit(client, "signup.change_groups", status=302, **where(conference))
    assert changing.location.endswith("/meine-anmeldung")


def test_cancelling_asks_first_and_frees_everything(client):
    conference = make.conference()
    group = make.group(conference, capacity=1)
    registration = holder(client, conference, group.rounds[0])
    waiting = make.registration(conference, group.rounds[0])
    question = visit(client, "signup.cancel", **where(conference))
    assert question.h1 == "Wirklich absagen?"
    assert registration.is_live

    page = question.form().send(status=302).follow()

    assert "Ihre Anmeldung ist abgesagt." in page.text
    assert not registration.is_live
    assert states(waiting) == {1: SeatState.SEATED}
    assert conference.places_taken == 1
    assert page.links()["Wieder anmelden"].endswith("/anmeldung")
    # Twice, and everything that is no longer possible, leads back without harm.
    assert question.form().send(status=302).location == page.address
    for endpoint in ("change_groups", "done", "cancel"):
        assert visit(client, f"signup.{endpoint}", status=302, **where(conference)).location == page.address
    assert visit(client, "signup.register", **where(conference)).h1 == "Anmeldung"


def test_cancelling_is_possible_until_the_end_and_pointless_after_it(client, clock):
    conference = make.conference(starts_at=now() + timedelta(hours=2))
    registration = holder(client, conference)

    clock.shift(timedelta(hours=4))
    assert visit(client, "signup.cancel", **where(conference)).h1 == "Wirklich absagen?"
    clock.shift(timedelta(hours=2))
    page = visit(client, "signup.cancel", status=302, **where(conference)).follow()

    assert "Die Konferenz ist vorbei. Sie müssen nicht mehr absagen." in page.text
    assert "Absagen: Ich komme doch nicht" not in page.links()
    assert registration.is_live


def test_a_cancel_button_without_its_token_asks_once_more(guarded, client):
    conference = make.conference()
    registration = holder(client, conference)
    form = visit(client, "signup.cancel", **where(conference)).form()

    page = form.send(csrf_token="falsch", status=422)

    assert "Bitte senden Sie das Formular noch einmal ab." in page.errors()[""]
    assert registration.is_live
    page.form().send(status=302)
    assert not registration.is_live


def test_a_shared_device_forgets_the_registration_and_its_code(guarded, client):
    conference = make.conference()
    form = visit(client, "signup.register", **where(conference)).form()
    done = form.send(role_group="resident", status=302).follow()
    code = "-".join(part.text for part in done.all(class_="code-card__part"))

    page = done.form().send(status=302).follow()

    assert "Auf diesem Gerät ist Ihre Anmeldung jetzt nicht mehr zu sehen. Sie gilt weiter." in page.text
    assert visit(client, done.address, status=302).location == page.address
    assert enter(client, conference.host, code).follow().h1 == "Meine Anmeldung"


def test_forgetting_needs_the_token(guarded, client):
    conference = make.conference()
    holder(client, conference)

    client.post(f"/{conference.host.key}/meine-anmeldung/vergessen")

    assert visit(client, "signup.mine", **where(conference)).h1 == "Meine Anmeldung"


def test_the_personal_calendar_holds_conference_and_rounds(client):
    conference = make.conference()
    item = make.agenda_round(conference, 1)
    group = make.group(conference, title="Wohnen")
    with transaction():
        group.rounds[0].agenda_item_id = item.id
    holder(client, conference, group.rounds[0])

    answer = client.get(f"/{conference.host.key}/{conference.key}/meine-anmeldung/kalender.ics")

    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.count("BEGIN:VEVENT") == 2
    assert "Wohnen" in answer.text


def test_the_page_for_the_code_names_whom_to_call(client):
    host = make.host(phone_hours=Translated("Mo bis Fr"))

    assert "02000 12345 (Mo bis Fr)" in visit(client, "signup.enter_code", host=host.key).text
    with transaction():
        db.session.get(Host, host.id).phone = ""
    assert "02000" not in visit(client, "signup.enter_code", host=host.key).everything


def test_staff_can_give_a_new_code_and_the_old_one_is_void(client):
    conference = make.conference()
    registration, code = make.registered(conference)
    make.staff_member(StaffRole.ORGANIZER, conference.host)
    fresh = registrations.renew_code(registration)

    enter(client, conference.host, code, status=422)
    other = Visitor(client.application)
    assert enter(other, conference.host, fresh).follow().h1 == "Meine Anmeldung"


def test_a_new_code_closes_what_the_old_one_had_opened(client):
    conference = make.conference()
    registration = holder(client, conference, name="Amira")
    assert "Amira" in visit(client, "signup.mine", **where(conference)).text
    fresh = registrations.renew_code(registration)

    for endpoint in ("mine", "done", "change_groups", "cancel"):
        answer = visit(client, f"signup.{endpoint}", status=302, **where(conference))
        assert answer.location == f"/{conference.host.key}/meine-anmeldung"
    assert "Amira" not in visit(client, "signup.enter_code", host=conference.host.key).everything
    enter(client, conference.host, fresh)
    assert "Amira" in visit(client, "signup.mine", **where(conference)).text


def test_a_code_that_has_ended_is_not_shown_any_more(client):
    conference = make.conference()
    done = visit(client, "signup.register", **where(conference)).form().send(role_group="resident").follow()
    ended = words(done.one("p", class_="code-card__code"))
    fresh = registrations.renew_code(db.session.scalar(select(Registration)))
    enter(client, conference.host, fresh)

    page = visit(client, "signup.done", **where(conference))

    assert page.all("p", class_="code-card__code") == []
    assert ended not in page.everything


def test_a_registration_that_is_gone_is_not_opened(client):
    conference = make.conference()
    registration = holder(client, conference)
    with transaction():
        db.session.delete(db.session.get(Registration, registration.id))

    page = visit(client, "signup.mine", status=302, **where(conference))

    assert page.location.endswith("/meine-anmeldung")
