"""Registering: one form, one code, nothing lost and nothing doubled, whatever happens in between."""

import hashlib
import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.database import db, now, transaction
from app.domain import hosts, registrations, seats, secrets
from app.models import (
    ConferenceStatus,
    ContactChannel,
    Registration,
    RoleGroup,
    SeatState,
    Translated,
)
from tests import make
from tests.browse import visit
from tests.visitor import Visitor


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


@pytest.fixture
def guarded(app):
    """Forms need their token, as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def test_only_the_role_is_needed(client):
    conference = make.conference()
    form = form_of(client, conference)
    assert [name for name, value in form.values.items() if value] == ["submission"]

    page = form.send(role_group="resident", status=302).follow()

    registration = rows()[0]
    assert page.h1 == "Sie sind angemeldet"
    assert registrations.by_code(conference.host_id, code_on(page)) == registration
    assert registration.role_group is RoleGroup.RESIDENT
    assert registration.contact_channel is ContactChannel.NONE
    assert (registration.display_name, registration.organisation, registration.contact) == ("", "", "")
    assert registration.language == "de"
    assert conference.places_taken == 1
    assert "Sie haben keinen Kontakt angegeben." in page.text


def test_everything_that_is_typed_arrives(client):
    conference = make.conference()
    groups = [make.group(conference, rounds=2) for _ in range(2)]

    page = (
        form_of(client, conference)
        .send(
            role_group="institution",
            display_name="  Amira 🌻 \u202e ",
            organisation="Verein <b>Nord</b>",
            contact_channel="email",
            email="Amira@Beispiel.DE",
            phone="wird nicht gespeichert",
            round_1="2",
            round_2="1",
            status=302,
        )
        .follow()
    )

    registration = rows()[0]
    assert registration.display_name == "Amira 🌻 \u202e"
    assert registration.organisation == "Verein <b>Nord</b>"
    assert secrets.decrypt(registration.contact) == "Amira@beispiel.de"
    assert [seat.group_round for seat in registration.participants[0].live_seats] == [
        groups[1].rounds[0],
        groups[0].rounds[1],
    ]
    assert "Amira 🌻" in page.text
    assert page.text.count("Platz sicher") == 2


def test_the_notice_that_was_shown_is_kept_as_a_digest(client):
    conference = make.conference()

    form_of(client, conference).send(role_group="resident", status=302)

    digest = rows()[0].notice_digest
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    assert digest != hashlib.sha256(b"").hexdigest()
    hosts.set_up(conference.host, dpo_contact="Jemand anderes")
    other = Visitor(client.application)
    form_of(other, conference).send(role_group="resident", status=302)
    assert rows()[1].notice_digest != digest


def test_the_page_in_arabic_registers_in_arabic(client):
    conference = make.conference(languages=["de", "ar"])
    form = visit(client, "signup.register", language="ar", **where(conference)).form()

    answer = form.send(role_group="resident", status=302)

    assert answer.location.startswith("/ar/")
    assert rows()[0].language == "ar"
    assert answer.follow().one("html").get("dir") == "rtl"


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"role_group": None}, "role_group-0", "Bitte wählen Sie, als wer Sie kommen."),
        ({"role_group": "koenigin"}, "role_group-0", "Bitte wählen Sie eine der Möglichkeiten."),
        ({"display_name": "x" * 100_000}, "display_name", "Das ist zu lang: 100000 Zeichen."),
        ({"organisation": "Ä" * 201}, "organisation", "Möglich sind höchstens 200."),
        ({"contact_channel": "brieftaube"}, "contact_channel-0", "Bitte wählen Sie eine der Möglichkeiten."),
        ({"contact_channel": "email", "email": ""}, "email", "Bitte geben Sie Ihre E-Mail-Adresse ein"),
        ({"contact_channel": "email", "email": "kein at"}, "email", "Diese E-Mail-Adresse stimmt so nicht."),
        ({"contact_channel": "email", "email": "a@b." + "c" * 100_000}, "email", "Das ist zu lang"),
        ({"contact_channel": "phone", "phone": ""}, "phone", "Bitte geben Sie Ihre Telefonnummer ein"),
        ({"contact_channel": "phone", "phone": "123"}, "phone", "Diese Telefonnummer stimmt so nicht."),
        (
            {"contact_channel": "phone", "phone": "ruf mich an 12345"},
            "phone",
            "Diese Telefonnummer stimmt so nicht.",
        ),
        ({"contact_channel": "post", "post": ""}, "post", "Bitte geben Sie Ihre Anschrift ein"),
        ({"contact_channel": "post", "post": "x" * 501}, "post", "Das ist zu lang: 501 Zeichen."),
        ({"round_1": "99"}, "round_1-0", "Bitte wählen Sie eine der Möglichkeiten."),
        ({"round_1": "1; DROP TABLE seat"}, "round_1-0", "Bitte wählen Sie eine der Möglichkeiten."),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(client, typed, field, words):
    conference = make.conference()
    make.group(conference)
    typed_before = {"role_group": "politics", "display_name": "Ümit", "organisation": "Rat", "round_1": "1"}

    page = form_of(client, conference).send({**typed_before, **typed}, status=422)

    assert words in page.errors()[field]
    kept = page.form().values
    for name, value in {**typed_before, **typed}.items():
        choice = field.startswith(name) and name in ("role_group", "contact_channel", "round_1")
        assert choice or kept[name] == value
    assert count() == 0
    ways = {"email": "a@b.de", "phone": "02000 12345", "post": "Weg 1", "contact_channel": "none"}
    page.form().send(**{**typed_before, **ways}, status=302)
    assert count() == 1


@pytest.mark.parametrize(
    ("typed", "channel", "contact"),
    [
        ({"contact_channel": "phone", "phone": "+49 (2000) 12-34"}, ContactChannel.PHONE, "+49 (2000) 12-34"),
        ({"contact_channel": "post", "post": "Weg 1\r\n12345 Ort"}, ContactChannel.POST, "Weg 1\n12345 Ort"),
        ({"contact_channel": "none", "email": "a@b.de"}, ContactChannel.NONE, ""),
        ({"contact_channel": None, "email": "a@b.de"}, ContactChannel.EMAIL, "a@b.de"),
        ({"contact_channel": None, "email": "a@b.de", "phone": "02000 1234"}, ContactChannel.NONE, ""),
        ({"contact_channel": None, "phone": "٠٢٠٠٠ ١٢٣٤٥"}, ContactChannel.PHONE, "٠٢٠٠٠ ١٢٣٤٥"),
    ],
)
def test_only_the_chosen_way_is_kept(client, typed, channel, contact):
    conference = make.conference()

    form_of(client, conference).send({"role_group": "resident", **typed}, status=302)

    registration = rows()[0]
    assert (registration.contact_channel, secrets.decrypt(registration.contact)) == (channel, contact)


def test_html_is_shown_as_text(client):
    conference = make.conference()

    page = (
        form_of(client, conference)
        .send(role_group="resident", display_name="<img src=x onerror=alert(1)>", status=302)
        .follow()
    )

    assert "<img src=x onerror=alert(1)>" in page.text


def test_each_option_says_what_one_would_get(client):
    conference = make.conference()
    free, full = (
        make.group(conference, capacity=2, title="Frei"),
        make.group(conference, capacity=1, title="Voll"),
    )
    for _person in range(2):
        make.registration(conference, full.rounds[0])
    make.registration(conference, free.rounds[0])

    page = visit(client, "signup.register", **where(conference), gruppe=2)

    assert "Frei Noch 1 Platz frei" in page.text
    assert "Voll voll: Sie kämen auf die Warteliste, dort steht schon 1 Person" in page.text
    assert page.form().values["round_1"] == "2"


def test_a_link_from_a_group_chooses_the_first_round_with_a_seat(client):
    conference = make.conference()
    group = make.group(conference, capacity=1, rounds=2)
    make.registration(conference, group.rounds[0])

    values = form_of(client, conference, gruppe="1").values

    assert (values["round_1"], values["round_2"]) == ("keine", "1")
    assert form_of(client, conference, gruppe="<b>").values["round_1"] == "keine"


def test_sending_twice_makes_one_registration_with_one_code(client):
    conference = make.conference()
    group = make.group(conference)
    form = form_of(client, conference)

    first = form.send(role_group="resident", round_1="1", status=302).follow()
    second = form.send(role_group="politics", round_1="1", status=302).follow()

    assert code_on(first) == code_on(second)
    assert "Es ist nichts doppelt" in second.text
    assert "Es ist nichts doppelt" not in first.text
    assert (count(), rows()[0].role_group) == (1, RoleGroup.RESIDENT)
    assert group.rounds[0].seats_taken == 1


def test_opening_the_form_again_shows_the_registration_instead_of_an_empty_form(client):
    conference = make.conference()
    form_of(client, conference).send(role_group="resident", display_name="Amira", status=302)

    page = visit(client, "signup.register", **where(conference))

    assert page.h1 == "Sie sind schon angemeldet"
    assert "Amira" in page.text
    other = visit(client, page.links()["Jemand anderen anmelden"])
    other.form().send(role_group="resident", display_name="Kind", status=302)
    assert [registration.display_name for registration in rows()] == ["Amira", "Kind"]


def test_a_form_left_open_for_twelve_hours_still_works(guarded, client, clock):
    conference = make.conference(starts_at=now() + timedelta(days=9))
    form = form_of(client, conference)

    clock.shift(timedelta(hours=12))

    assert form.send(role_group="resident", status=302).follow().h1 == "Sie sind angemeldet"


def test_a_form_whose_session_is_gone_needs_one_more_press(guarded, client):
    conference = make.conference()
    form = form_of(client, conference)
    client.delete_cookie("sitzung")

    page = form.send(role_group="resident", display_name="Amira", status=422)

    assert page.errors() == {
        "": "Diese Seite war lange offen oder das Cookie fehlt. Bitte senden Sie das Formular noch einmal ab."
    }
    assert count() == 0
    again = page.form()
    assert again.values["display_name"] == "Amira"
    assert again.values["submission"] == form.values["submission"]
    assert again.send(status=302).follow().h1 == "Sie sind angemeldet"
    assert count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": ConferenceStatus.REGISTRATION_CLOSED}, "Die Anmeldung ist geschlossen."),
        ({"capacity": 0, "has_queue": False}, "Die Konferenz ist gerade voll geworden."),
        ({"status": ConferenceStatus.CANCELLED}, "Die Anmeldung ist geschlossen."),
    ],
)
def test_a_conference_that_closed_meanwhile_keeps_what_was_typed(client, change, words):
    conference = make.conference()
    make.group(conference, title="Wohnen")
    form = form_of(client, conference)
    with transaction():
        for name, value in change.items():
            setattr(conference, name, value)
    cached = conference.version

    page = form.send(role_group="resident", display_name="Amira", round_1="1", status=422)

    assert words in page.errors()[""]
    assert "Telefon: 02000 54321" in page.text
    assert page.form().values["display_name"] == "Amira"
    assert page.form().values["round_1"] == "1"
    assert (count(), conference.version) == (0, cached)


def test_a_form_without_its_own_id_gets_one(client):
    conference = make.conference()

    page = form_of(client, conference).send(role_group="resident", submission="<script>", status=422)

    assert page.errors()[""] == "Bitte senden Sie das Formular noch einmal ab."
    page.form().send(status=302)
    assert count() == 1


def test_the_form_names_times_of_rounds_and_groups_in_the_language_of_the_page(client, clock):
    conference = make.conference(starts_at=make.at("2026-05-21 15:00"), languages=["de", "ar"])
    item = make.agenda_round(conference, 1)
    group = make.group(conference)
    with transaction():
        group.rounds[0].agenda_item_id = item.id
        group.title = Translated({"de": "Wohnen", "ar": "السكن"})

    german = visit(client, "signup.register", **where(conference))
    arabic = visit(client, "signup.register", language="ar", **where(conference))

    assert "Runde 1, 17:30 bis 17:55 Uhr" in german.text
    assert "السكن" in arabic.text
    assert "Wohnen" not in arabic.text


def test_seats_are_taken_through_the_page_like_anywhere_else(client):
    conference = make.conference()
    group_round = make.group(conference, capacity=1).rounds[0]

    form_of(client, conference).send(role_group="resident", round_1="1", status=302)

    seat = rows()[0].participants[0].live_seats[0]
    assert (seat.state, group_round.seats_taken, seats.queue_position(seat)) == (SeatState.SEATED, 1, None)
