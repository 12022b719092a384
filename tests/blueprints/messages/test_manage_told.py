"""Letters to print and calls to make."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import mailings, message_texts, notices, offers, outbox, registrations
from app.models import (
    Conference,
    ContactChannel,
    EventKind,
    Message,
    MessageKind,
    MessageState,
    MessageWay,
    Registration,
    RegistrationEvent,
    StaffMember,
    Translated,
)
from app.web import filters
from tests import make
from tests.browse import visit
from tests.browse import words as words_in
from tests.counting import statements
from tests.visitor import Visitor

PLACE = {"host": "beispiel", "conference": "konferenz"}
BASE = "/verwaltung/beispiel/konferenz/nachrichten"


def by_post(conference: Conference, name: str = "Herr Post") -> Registration:
    return make.registration(
        conference, name=name, contact_channel=ContactChannel.POST, contact="Weg 1\n12345 Stadt"
    )


def by_phone(conference: Conference, *group_rounds: object, name: str = "Frau Anruf") -> Registration:
    return make.registration(
        conference, *group_rounds, name=name, contact_channel=ContactChannel.PHONE, contact="02000 4711"
    )


def states(way: MessageWay) -> list[MessageState]:
    db.session.expire_all()
    return list(db.session.scalars(select(Message.state).where(Message.way == way).order_by(Message.id)))


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_letters_are_listed_printed_and_then_marked(staff_client: Visitor, conference: Conference) -> None:
    by_post(conference)

    page = visit(staff_client, "messages.letters", **PLACE)
    file = staff_client.get(f"{BASE}/briefe.pdf")

    assert "Herr Post Bestätigung der Anmeldung" in page.text
    assert "Weg 1" not in page.response.text
    words = words_of(file.data)
    assert file.mimetype == "application/pdf"
    for part in (
        "Herr Post Weg 1 12345 Stadt",
        "Guten Tag,",
        "Sie sind angemeldet",
        "Mit freundlichen Grüßen",
    ):
        assert part in words
    assert "/meine-anmeldung/link/" not in words
    assert states(MessageWay.LETTER) == [MessageState.QUEUED]
    done = page.form(f"{BASE}/briefe/gedruckt").send().follow()
    assert "1 Brief ist als gedruckt vermerkt." in done.text
    assert states(MessageWay.LETTER) == [MessageState.SENT]
    assert staff_client.get(f"{BASE}/briefe.pdf").status_code == 404


def test_a_letter_printed_before_can_be_opened_and_queued_again(
    staff_client: Visitor, conference: Conference
) -> None:
    by_post(conference)
    message = db.session.scalars(select(Message)).one()
    outbox.mark_told(conference, [message.id], MessageWay.LETTER)

    file = staff_client.get(f"/verwaltung/beispiel/nachrichten/{message.id}/brief.pdf")
    assert "Herr Post Weg 1 12345 Stadt" in words_of(file.data)
    visit(staff_client, "messages.outbox", **PLACE).form(
        f"/verwaltung/beispiel/nachrichten/{message.id}/noch-einmal"
    ).send()

    assert states(MessageWay.LETTER) == [MessageState.QUEUED]


def test_a_letter_that_is_no_longer_true_is_not_printed_and_says_why(
    staff_client: Visitor, conference: Conference
) -> None:
    registrations.cancel(by_post(conference))

    words = words_of(staff_client.get(f"{BASE}/briefe.pdf").data)
    listed = db.session.scalars(select(Message.id)).all()
    staff_client.post(f"{BASE}/briefe/gedruckt", data={"brief": [*listed, "x", "9" * 30]})

    assert "Ihre Anmeldung ist abgesagt" in words
    assert "Sie sind angemeldet" not in words
    assert states(MessageWay.LETTER) == [MessageState.NEEDLESS, MessageState.SENT]
    reasons = db.session.scalars(select(Message.last_error).order_by(Message.id)).all()
    assert reasons == ["Nicht mehr nötig: Die Anmeldung wurde inzwischen abgesagt.", ""]


@pytest.fixture
def offered(conference: Conference) -> Registration:
    """Somebody with a telephone only, who is offered a seat in a group."""
    with transaction():
        conference.makes_offers = True
    group_round = make.group(conference, capacity=1, title="Wohnen").rounds[0]
    seated = make.registration(conference, group_round)
    waiting = by_phone(conference, group_round)
    registrations.cancel(seated)
    return waiting


def test_a_call_about_an_offer_says_what_to_say_and_starts_the_clock(
    staff_client: Visitor, conference: Conference, offered: Registration
) -> None:
    page = visit(staff_client, "messages.calls", **PLACE)

    assert "Frau Anruf 02000 4711" in page.text
    assert "Frei geworden ist: Platz in der Arbeitsgruppe „Wohnen“." in page.text
    assert [offer.expires_at for offer in offers.of(offered)] == [None]
    done = page.form(f"{BASE}/anrufe/erledigt").send()
    assert "Der Anruf ist vermerkt." in done.follow().text
    db.session.expire_all()
    (offer,) = offers.of(offered)
    assert offer.expires_at is not None
    assert abs(offer.expires_at - now() - timedelta(hours=48)) < timedelta(minutes=1)
    assert states(MessageWay.CALL) == [MessageState.SENT]


def test_a_button_of_a_call_begins_with_what_it_shows_and_one_hour_is_one(
    staff_client: Visitor, conference: Conference, offered: Registration
) -> None:
    with transaction():
        conference.offer_hours = 1

    page = visit(staff_client, "messages.calls", **PLACE)

    assert page.one("button", aria_label="Erledigt, die Frist läuft: Platz angeboten, Frau Anruf") is not None
    assert "Sonst halten wir es ab jetzt 1 Stunde für Sie frei." in page.text


def test_a_call_that_is_no_longer_needed_can_be_taken_off(
    staff_client: Visitor, conference: Conference, offered: Registration
) -> None:
    offers.accept(offered, offers.of(offered)[0].group_round.id)

    page = visit(staff_client, "messages.calls", **PLACE)
    assert "nicht mehr nötig" in page.text
    page.form(f"{BASE}/anrufe/unnoetig").send()

    assert states(MessageWay.CALL) == [MessageState.NEEDLESS]


def test_lists_need_the_same_statements_for_one_row_and_for_many(
    staff_client: Visitor, conference: Conference
) -> None:
    with transaction():
        conference.capacity = None
    counted: dict[str, list[int]] = {}
    # 1, 3 and 300 letters, calls, mailings and languages to call in.
    for number in (1, 2, 297):
        for index in range(number):
            mailings.draft(conference, MessageKind.REMINDER, mailings.Audience())
            by_post(conference, f"Post {number}.{index}")
            person = by_phone(conference, name=f"Anruf {number}.{index}")
            with transaction():
                person.language = "ar" if index % 2 else "de"
                notices.need_answered(person, f"{number}.{index}")
        for endpoint in ("overview", "outbox", "letters", "calls", "texts"):
            with statements() as sent:
                visit(staff_client, f"messages.{endpoint}", **PLACE)
            counted.setdefault(endpoint, []).append(len(sent))

    assert {endpoint: len(set(numbers)) for endpoint, numbers in counted.items()} == dict.fromkeys(counted, 1)


@pytest.fixture
def offered_by_post(conference: Conference) -> Registration:
    """Somebody with a postal address, who is offered a seat in a group."""
    with transaction():
        conference.makes_offers = True
        conference.starts_at = now() + timedelta(days=30)
        conference.ends_at = now() + timedelta(days=30, hours=3)
    group_round = make.group(conference, capacity=1, title="Wohnen").rounds[0]
    seated = make.registration(conference, group_round)
    waiting = make.registration(
        conference,
        group_round,
        name="Herr Post",
        contact_channel=ContactChannel.POST,
        contact="Weg 1\n12345 Stadt",
    )
    registrations.cancel(seated)
    return waiting


def test_marking_the_letter_of_an_offer_as_printed_starts_its_clock_with_days_for_the_post(
    clock: time_machine.Traveller,
    staff_client: Visitor,
    conference: Conference,
    offered_by_post: Registration,
    organizer: StaffMember,
) -> None:
    page = visit(staff_client, "messages.letters", **PLACE)
    said = words_of(staff_client.get(f"{BASE}/briefe.pdf").data)

    until = now() + timedelta(hours=48, days=3)
    assert "Frist ab diesem Vermerk: 48 Stunden, dazu 3 Tage für die Post." in page.text
    assert f"Bitte antworten Sie bis {filters.datetime_long(until)}." in said
    assert "Die Tage, die dieser Brief unterwegs ist, sind in der Frist schon mitgezählt." in said
    assert [offer.expires_at for offer in offers.of(offered_by_post)] == [None]

    page.form(f"{BASE}/briefe/gedruckt").send()

    db.session.expire_all()
    (offer,) = offers.of(offered_by_post)
    assert offer.expires_at == until
    last = db.session.scalars(select(RegistrationEvent).order_by(RegistrationEvent.id.desc())).first()
    assert last is not None
    assert (last.kind, last.subject, last.by_id) == (EventKind.WRITTEN, "Wohnen", organizer.id)


def test_a_letter_that_was_not_ticked_starts_no_clock(
    staff_client: Visitor, conference: Conference, offered_by_post: Registration
) -> None:
    staff_client.post(f"{BASE}/briefe/gedruckt", data={"brief": []})

    db.session.expire_all()
    assert [offer.expires_at for offer in offers.of(offered_by_post)] == [None]


def test_what_to_say_stands_in_the_language_of_the_person_too(
    staff_client: Visitor, conference: Conference, offered: Registration
) -> None:
    with transaction():
        offered.language = "ar"
        offers.of(offered)[0].seats[0].group_round.group.title = Translated({"de": "Wohnen", "ar": "السكن"})

    page = visit(staff_client, "messages.calls", **PLACE)

    (arabic,) = page.all("div", lang="ar")
    assert (arabic.get("dir"), "السكن" in words_in(arabic)) == ("rtl", True)
    assert "Frei geworden ist: Platz in der Arbeitsgruppe „Wohnen“." in page.text
    assert "Diese Person hat sich auf Arabisch angemeldet." in page.text


def test_the_words_of_the_conference_are_read_out_in_the_language_of_the_person_alone(
    staff_client: Visitor, conference: Conference, offered: Registration
) -> None:
    with transaction():
        offered.language = "ar"
    german = "Liebe {name}, {angebot}!\n\n{link}\n\nAntwort bis {frist}."
    message_texts.save(conference, MessageKind.OFFER, "de", subject="A", body=german)
    page = visit(staff_client, "messages.calls", **PLACE)
    assert "In den Worten dieser Konferenz:" not in page.text

    message_texts.save(conference, MessageKind.OFFER, "ar", subject="ب", body="مرحبا {name}\n{link}\n{frist}")
    page = visit(staff_client, "messages.calls", **PLACE)

    _usual, own = page.all("div", lang="ar")
    assert words_in(own).startswith("مرحبا Frau Anruf")
    assert "{" not in words_in(own)
    assert "meine-anmeldung" not in words_in(own)
    # Somebody who speaks German hears the German words.
    with transaction():
        offered.language = "de"
    page = visit(staff_client, "messages.calls", **PLACE)
    assert (
        "In den Worten dieser Konferenz: Liebe Frau Anruf, Platz in der Arbeitsgruppe „Wohnen“!" in page.text
    )
    assert "Diese Person hat sich auf" not in page.text
