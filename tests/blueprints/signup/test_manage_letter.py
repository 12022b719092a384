"""The letter with the code: on the screen, and as a PDF to print."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from pypdf import PdfReader

from app.database import transaction
from app.domain import codes, offers, registrations
from app.models import Conference, ContactChannel, Host, StaffRole, Translated
from tests import make
from tests.blueprints.signup.desk import code_on, new, page_of
from tests.browse import Page, visit
from tests.exports.test_pdf import faults
from tests.visitor import Visitor


def test_new_code_ends_the_old_one_and_is_printed(staff_client: Visitor, conference: Conference) -> None:
    registration, old = make.registered(conference, name="Paul")

    letter = page_of(staff_client, registration, "new_code").form().send().follow()

    code = code_on(letter)
    assert registrations.by_code(conference.host_id, code) == registration
    assert codes.digest(old) != registration.code_digest
    assert "Für: Paul" in letter.text


def test_letter_without_a_fresh_code_offers_a_new_one(staff_client: Visitor, conference: Conference) -> None:
    registration, code = make.registered(conference)
    other = make.registration(conference)
    page_of(staff_client, other, "new_code").form().send(status=302)

    page = page_of(staff_client, registration, "letter")

    assert "Einen neuen Code vergeben" in page.links()
    assert page.all("p", class_="code-card__code") == []
    assert code not in page.response.text


def test_letter_can_be_printed_again_for_an_hour(
    app: Flask, client: Visitor, conference: Conference, clock: time_machine.Traveller
) -> None:
    registration = make.registration(make.conference(conference.host, key="bald"))
    place = {"host": "beispiel", "conference": "bald", "registration": registration.id}
    make.sign_in(client, make.staff_member(StaffRole.ORGANIZER, conference.host))
    visit(client, "signup.new_code", **place).form().send(status=302)
    clock.shift(timedelta(minutes=59))
    assert visit(client, "signup.letter", **place).all("p", class_="code-card__code") != []

    clock.shift(timedelta(minutes=2))

    assert visit(client, "signup.letter", **place).all("p", class_="code-card__code") == []


def test_letter_never_shows_a_code_that_has_ended(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference)
    letter = page_of(staff_client, registration, "new_code").form().send().follow()
    ended = code_on(letter)
    # Somebody else gives a newer one.
    registrations.renew_code(registration)

    page = page_of(staff_client, registration, "letter")

    assert page.all("p", class_="code-card__code") == []
    assert ended not in page.text


def test_letter_to_an_address_carries_it(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(
        conference, name="Paul", contact_channel=ContactChannel.POST, contact="Weg 1, 12345 Stadt"
    )

    page = page_of(staff_client, registration, "letter")

    assert page.form().values["address"].split() == ["Paul", "Weg", "1", "12345", "Stadt"]
    assert "Paul Weg 1 12345 Stadt" in text_of(page.form().send())


def test_letter_of_a_cancelled_one_says_so(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference)
    registrations.cancel(registration)

    assert "Diese Anmeldung ist abgesagt." in page_of(staff_client, registration, "letter").text


# --- On paper --------------------------------------------------------------------------------------------------------


def text_of(page: Page) -> str:
    """What stands in a PDF."""
    assert page.response.mimetype == "application/pdf"
    sheets = PdfReader(io.BytesIO(page.response.data)).pages
    return " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())


def test_pdf_tells_all_somebody_without_internet_needs(staff_client: Visitor, host: Host) -> None:
    venue = make.venue(host, name="Rathaus", directions=Translated("Bus 384, Haltestelle Rathaus"))
    conference = make.conference(
        host,
        key="konferenz",
        title=Translated("Zusammen in Nord"),
        venue_id=venue.id,
        starts_at=make.at("2030-03-14 16:00"),
    )
    group = make.group(conference, title="Wohnen", capacity=1)
    make.registration(conference, group.rounds[0])
    page = (
        new(staff_client)
        .form()
        .send(
            display_name="Helga Öztürk",
            contact_channel="phone",
            contact="0209 123456",
            ages="4",
            round_1=str(group.rounds[0].id),
        )
    )
    page = page.follow()
    code = code_on(page)
    made = page.form().send(address="Helga Öztürk\nAm langen Weg 17 a\n12345 Stadt")

    text = text_of(made)

    assert made.response.headers["Cache-Control"] == "no-store"
    for words_of_it in (
        "Helga Öztürk Am langen Weg 17 a 12345 Stadt",
        "Guten Tag Helga Öztürk,",
        "Sie sind angemeldet.",
        "In dieser Anmeldung: 1 erwachsene Person und 1 Kind (4 Jahre).",
        "Donnerstag, 14. März 2030",
        "17:00 bis 20:00 Uhr",
        "Rathaus",
        "Bus 384, Haltestelle Rathaus",
        "Warteliste: Sie stehen auf Platz 1.",
        code.replace("-", " "),
        "Rufen Sie uns an unter 02000 54321. Nennen Sie die drei Wörter und die Zahl.",
        "localhost/beispiel/meine-anmeldung",
    ):
        assert words_of_it in text
    assert faults(made.response.data, "ua1") == []
    assert faults(made.response.data, "2a") == []


def test_pdf_in_the_queue_of_the_conference_says_its_place(
    staff_client: Visitor, conference: Conference
) -> None:
    with transaction():
        conference.capacity = 0
    make.registration(conference)
    registration = make.registered(conference, people=2)[0]

    text = text_of(page_of(staff_client, registration, "letter").form().send())

    assert "Sie stehen auf der Warteliste, auf Platz 2." in text
    assert "Bitte kommen Sie erst, wenn wir zugesagt haben." in text
    assert "Ihren Code haben Sie schon." in text


def test_pdf_of_an_offer_says_until_when(staff_client: Visitor, conference: Conference) -> None:
    with transaction():
        conference.capacity, conference.makes_offers = 1, True
    taken = make.registration(conference)
    registration = make.registration(
        conference, contact_channel=ContactChannel.EMAIL, contact="a@example.org"
    )
    registrations.cancel(taken)

    text = text_of(page_of(staff_client, registration, "letter").form().send())

    assert "Für Sie ist ein Platz frei geworden. Bitte sagen Sie uns bis" in text


@pytest.mark.parametrize("state", ["cancelled", "lapsed"])
def test_pdf_of_what_has_ended_carries_no_code(
    staff_client: Visitor, conference: Conference, state: str
) -> None:
    with transaction():
        conference.capacity, conference.makes_offers = 1, True
    taken = make.registration(conference)
    registration = make.registration(conference)
    registrations.cancel(taken)
    if state == "cancelled":
        registrations.cancel(registration)
    else:
        offers.decline(registration, None)

    text = text_of(page_of(staff_client, registration, "letter").form().send())

    assert {"cancelled": "ist abgesagt", "lapsed": "Die Frist dafür ist vorbei."}[state] in text
    assert "Ihr Code" not in text


def test_pdf_with_an_endless_address_leads_back(staff_client: Visitor, conference: Conference) -> None:
    page = page_of(staff_client, make.registration(conference), "letter")

    assert page.form().send(address="x" * 501).location == page.address


def test_pdf_speaks_the_language_of_the_registration(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference, name="لمى", language="ar")

    made = page_of(staff_client, registration, "letter").form().send()

    assert faults(made.response.data, "ua1") == []
    assert PdfReader(io.BytesIO(made.response.data)).trailer["/Root"]["/Lang"] == "ar"
