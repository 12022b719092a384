"""Mails as they arrive at a real mail server, and what becomes of those that do not."""

from __future__ import annotations

import ssl
from ipaddress import ip_address

import html5lib
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from icalendar import Calendar
from sqlalchemy import select

from app import mail, mail_ways
from app.database import db, transaction
from app.domain import households, notices, outbox, registrations, seats, secrets, staff
from app.models import (
    AccessibilityFeedback,
    ConferenceStatus,
    ContactChannel,
    Message,
    MessageState,
    Participant,
    StaffRole,
    Translated,
)
from tests import mailserver, make

ADDRESS = "amina@post.example"


@pytest.fixture
def postbox(app, monkeypatch):
    """A mail server that the app sends to."""
    with mailserver.running() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{box.port}")
        yield box


def by_mail(conference, *group_rounds, address=ADDRESS, **details):
    return make.registration(
        conference, *group_rounds, contact_channel=ContactChannel.EMAIL, contact=address, **details
    )


def messages():
    db.session.expire_all()
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def only_message():
    (message,) = messages()
    return message


def text_of(received):
    return received.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html_of(received):
    return received.get_body(("html",)).get_content()


def page_of(received):
    """The HTML part, parsed strictly."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html_of(received))


def words(element):
    return " ".join("".join(element.itertext()).split())


def calendar_of(received):
    (part,) = received.iter_attachments()
    return part


@pytest.fixture
def rheine(app):
    """A conference with two rounds in a house, and two groups of which one is full."""
    host = make.host("rheine", name="Stadt Rheine")
    venue = make.venue(host, name="Mensa", street="Schulstraße 5", postal_code="48429", city="Rheine")
    conference = make.conference(
        host,
        key="sozialkonferenz-2023",
        title=Translated({"de": "Sozialkonferenz Rheine 2023", "ar": "مؤتمر راينه الاجتماعي 2023"}),
        starts_at=make.at("2023-05-25 15:00"),
        status=ConferenceStatus.REGISTRATION_OPEN,
        venue_id=venue.id,
        contact_role="Sozialplanung",
        contact_phone="05971 000-000",
        contact_email="sozialplanung@rheine.example",
        contact_hours=Translated("Montag bis Donnerstag, 9 bis 15 Uhr"),
        costs=Translated("Es kostet nichts."),
    )
    housing, poverty = make.two_groups_in_two_rounds(conference)
    return conference, housing, poverty


@pytest.fixture
def before_rheine(clock):
    clock.move_to(make.at("2023-05-02 10:00"))
    return clock


def test_a_confirmation_arrives_with_all_one_needs(before_rheine, postbox, rheine):
    conference, housing, poverty = rheine
    by_mail(conference, housing.rounds[0], address="zuerst@post.example")
    registration = by_mail(conference, housing.rounds[0], poverty.rounds[1], name="Frau Beispiel")

    assert mail.deliver() == 2

    assert postbox.recipients == ["zuerst@post.example", ADDRESS]
    received = postbox.mails[1]
    link = f"http://localhost/rheine/sozialkonferenz-2023/meine-anmeldung/link/{registrations.link_token(registration)}"
    text = text_of(received)
    page = page_of(received)
    assert received["Subject"] == "Sie sind angemeldet: Sozialkonferenz Rheine 2023"
    for line in (
        "Was: Sozialkonferenz Rheine 2023",
        "Wann: Donnerstag, 25. Mai 2023, 17:00 bis 20:00 Uhr",
        "Wo: Mensa, Schulstraße 5, 48429 Rheine",
        "Kosten: Es kostet nichts.",
        "* Runde 1 · 17:30 bis 17:55 Uhr · Arbeitsgruppe 1",
        "  Wohnen",
        "  Raum: Raum 12",
        "  Warteliste: Sie stehen auf Platz 1.",
        "* Runde 2 · 18:00 bis 18:25 Uhr · Arbeitsgruppe 2",
        "  Armut",
        "  Sie haben einen Platz.",
        link,
        "Sie können nicht kommen?",
        "Telefon: 05971 000-000",
        "Erreichbar: Montag bis Donnerstag, 9 bis 15 Uhr",
        "Stadt Rheine",
        "Impressum: http://localhost/rheine/impressum",
    ):
        assert line in text.splitlines()
    assert "Frau Beispiel" not in text + html_of(received)
    assert "zuerst" not in text + html_of(received)
    assert page.attrib == {"lang": "de", "dir": "ltr"}
    assert words(page.find(".//h1")) == "Sie sind angemeldet"
    assert [anchor.attrib["href"] for anchor in page.iter("a")] == [
        link,
        "tel:05971000000",
        "mailto:sozialplanung@rheine.example",
        "http://localhost/rheine/impressum",
        "http://localhost/rheine/datenschutz",
    ]
    assert not list(page.iter("img"))


def test_text_and_html_say_the_same(before_rheine, postbox, rheine):
    conference, housing, poverty = rheine
    by_mail(conference, housing.rounds[0], poverty.rounds[1])

    mail.deliver()

    (received,) = postbox.mails
    body = page_of(received).find("body")
    for anchor in body.iter("a"):
        anchor.text = (
            f"{anchor.text} {anchor.attrib['href']}" if "http" in anchor.attrib["href"] else anchor.text
        )
    for line_break in body.iter("br"):
        line_break.tail = f" {line_break.tail or ''}"
    signs = str.maketrans("", "", ":*-,·. \n")
    said = text_of(received).translate(signs)
    shown = words(body).removeprefix("Sie sind angemeldet").translate(signs)
    assert sorted(said) == sorted(shown)


def test_the_headers_say_who_writes_and_that_no_person_does(before_rheine, postbox, rheine):
    by_mail(rheine[0])

    mail.deliver()

    (received,) = postbox.mails
    assert received["From"] == "Stadt Rheine <beteiligung@stadt.example>"
    assert received["To"] == ADDRESS
    assert received["Reply-To"] == "sozialplanung@rheine.example"
    assert received["Auto-Submitted"] == "auto-generated"
    assert received["Date"].datetime == make.at("2023-05-02 10:00")
    assert received["Message-ID"].endswith("@stadt.example>")
    assert received["Content-Language"] == "de"
    assert not [name for name in received if name.lower().startswith("list-")]
    assert [part.get_content_type() for part in received.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]


def test_mail_from_of_the_installation_comes_before_the_hosts_address(app, postbox, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_FROM", "noreply@kreis.example")
    by_mail(make.conference(make.host(name="Stadt Herne")))

    mail.deliver()

    assert postbox.mails[0]["From"] == "Stadt Herne <noreply@kreis.example>"


def test_the_calendar_file_holds_the_conference_and_ones_own_rounds(before_rheine, postbox, rheine):
    conference, housing, poverty = rheine
    by_mail(conference, housing.rounds[0], poverty.rounds[1])

    mail.deliver()

    parts = list(postbox.mails[0].iter_attachments())
    assert [part.get_param("method") for part in parts] == ["REQUEST"] * 3
    assert parts[0].get_filename() == "sozialkonferenz-2023.ics"
    entries = [entry for part in parts for entry in Calendar.from_ical(part.get_content()).walk("VEVENT")]
    assert [str(entry["SUMMARY"]) for entry in entries] == [
        "Sozialkonferenz Rheine 2023",
        "Arbeitsgruppe 1: Wohnen",
        "Arbeitsgruppe 2: Armut",
    ]
    assert entries[0].start == make.at("2023-05-25 15:00")
    assert "meine-anmeldung" not in "".join(part.get_content() for part in parts)


def test_an_arabic_mail_runs_from_right_to_left_and_marks_what_is_german(before_rheine, postbox, rheine):
    conference, housing, _poverty = rheine
    registration = by_mail(conference, housing.rounds[0], language="ar")

    mail.deliver()

    (received,) = postbox.mails
    page = page_of(received)
    text = text_of(received)
    assert page.attrib == {"lang": "ar", "dir": "rtl"}
    assert "مؤتمر راينه الاجتماعي 2023" in received["Subject"]
    assert received["Content-Language"] == "ar"
    assert "الخميس، 25 مايو 2023" in text
    assert "الخميس، 25 مايو 2023" in words(page.find("body"))
    marked = {words(span): dict(span.attrib) for span in page.iter("span")}
    assert marked["Wohnen"] == {"lang": "de", "dir": "ltr"}
    assert marked["Es kostet nichts."] == {"lang": "de", "dir": "ltr"}
    assert marked["48429 Rheine"] == {"lang": "de", "dir": "ltr"}
    assert "مؤتمر راينه الاجتماعي 2023" not in marked
    link = f"http://localhost/ar/rheine/sozialkonferenz-2023/meine-anmeldung/link/{registrations.link_token(registration)}"
    assert link in text.splitlines()
    assert "http://localhost/ar/rheine/impressum" in html_of(received)
    phone = next(anchor for anchor in page.iter("a") if anchor.attrib["href"].startswith("tel:"))
    assert phone.attrib["dir"] == "ltr"
    # In plain text, invisible marks keep names and numbers in their own order.
    assert f"\u2066{phone.text}\u2069" in text
    assert "\u206848429 Rheine\u2069" in text


@pytest.mark.parametrize(
    "title",
    [
        "عرض تجريبي: غير حقيقي – تم إلغاء تسجيلكم: مؤتمر الحي في موسترهاوزن الشمالية",
        "Für Übergänge – öffentliche Räume gesünder, größer, fröhlicher: Köln-Mülheim für Ältere",
    ],
)
def test_a_long_subject_keeps_its_blanks(before_rheine, postbox, rheine, title):
    conference, housing, _poverty = rheine
    with transaction():
        conference.title = {"de": title}
    by_mail(conference, housing.rounds[0])

    mail.deliver()

    arrived = postbox.mails[0]["Subject"].replace("\N{NO-BREAK SPACE}", " ")
    assert arrived == f"Sie sind angemeldet: {title}"


@pytest.mark.parametrize("language", ["de", "ar"])
def test_every_link_in_a_mail_leads_to_a_page(before_rheine, postbox, rheine, client, language):
    conference, housing, _poverty = rheine
    registration = by_mail(conference, housing.rounds[0], language=language)
    mail.deliver()
    registrations.cancel(registration)
    mail.deliver()
    _, token = staff.invite("neu@stadt.example", "Neu", StaffRole.ORGANIZER, conference.host)
    mail.deliver()

    links = [
        anchor.attrib["href"]
        for received in postbox.mails
        for anchor in page_of(received).iter("a")
        if anchor.attrib["href"].startswith("http")
    ]

    assert len(links) == 9
    for link in links:
        answer = client.get(link.removeprefix("http://localhost"))
        while answer.location:
            answer = client.get(answer.location)
        assert answer.status_code == 200, link
        if "/verwaltung/" not in link:
            assert f'lang="{language}"' in answer.text
    assert any(token in link for link in links)


def test_a_language_that_is_not_installed_falls_back_to_german(before_rheine, postbox, rheine):
    by_mail(rheine[0], language="uk")

    mail.deliver()

    assert postbox.mails[0]["Subject"] == "Sie sind angemeldet: Sozialkonferenz Rheine 2023"
    assert page_of(postbox.mails[0]).attrib == {"lang": "de", "dir": "ltr"}


def test_without_a_group_the_mail_says_that_one_can_choose_later(before_rheine, postbox, rheine):
    by_mail(rheine[0])

    mail.deliver()

    assert "Sie haben noch keine Arbeitsgruppe gewählt." in text_of(postbox.mails[0])


def test_moving_up_names_the_group(before_rheine, postbox, rheine):
    conference, housing, _poverty = rheine
    seated = make.registration(conference, housing.rounds[0])
    by_mail(conference, housing.rounds[0])
    mail.deliver()

    seats.release(seated.participants[0].live_seats[0])
    mail.deliver()

    received = postbox.mails[1]
    assert received["Subject"] == "Sie haben jetzt einen Platz: Sozialkonferenz Rheine 2023"
    assert (
        "* Runde 1 · 17:30 bis 17:55 Uhr · Arbeitsgruppe 1\n  Wohnen\n  Raum: Raum 12\n  Sie haben einen Platz.\n"
        in (text_of(received))
    )
    assert "Warteliste" not in text_of(received)


def test_moving_up_is_not_told_when_the_seat_was_given_back_meanwhile(before_rheine, postbox, rheine):
    conference, housing, _poverty = rheine
    seated = make.registration(conference, housing.rounds[0])
    waiting = by_mail(conference, housing.rounds[0])
    mail.deliver()
    seats.release(seated.participants[0].live_seats[0])
    seats.release(waiting.participants[0].live_seats[0])

    assert mail.deliver() == 0

    assert messages()[1].state is MessageState.NEEDLESS
    assert messages()[1].last_error == "Nicht mehr nötig: Der Platz wurde inzwischen wieder abgegeben."


def test_changed_groups_are_told_as_they_are_now(before_rheine, postbox, rheine):
    conference, housing, poverty = rheine
    registration = by_mail(conference, housing.rounds[0])
    mail.deliver()

    households.change_groups(registration, {registration.participants[0].id: {1: poverty.rounds[0]}})
    mail.deliver()

    received = postbox.mails[1]
    assert received["Subject"] == "Ihre Arbeitsgruppen haben sich geändert: Sozialkonferenz Rheine 2023"
    assert "Armut" in text_of(received)
    assert "Wohnen" not in text_of(received)


def test_a_cancellation_needs_no_link_and_takes_the_entry_out_of_the_calendar(before_rheine, postbox, rheine):
    registration = by_mail(rheine[0])
    mail.deliver()

    registrations.cancel(registration)
    mail.deliver()

    received = postbox.mails[1]
    assert received["Subject"] == "Ihre Anmeldung ist abgesagt: Sozialkonferenz Rheine 2023"
    assert "meine-anmeldung" not in text_of(received) + html_of(received)
    assert "http://localhost/rheine/sozialkonferenz-2023/" in text_of(received).splitlines()
    assert calendar_of(received).get_param("method") == "CANCEL"


def test_a_confirmation_that_waited_is_not_sent_after_the_cancellation(before_rheine, postbox, rheine):
    registration = by_mail(rheine[0])
    registrations.cancel(registration)

    assert mail.deliver() == 1

    assert postbox.mails[0]["Subject"].startswith("Ihre Anmeldung ist abgesagt")
    assert messages()[0].state is MessageState.NEEDLESS
    assert messages()[0].recipient == ""
    assert messages()[0].last_error == "Nicht mehr nötig: Die Anmeldung wurde inzwischen abgesagt."


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (
            ConferenceStatus.CANCELLED,
            "Wann: Die Konferenz fällt aus., Donnerstag, 25. Mai 2023, 17:00 bis 20:00 Uhr",
        ),
        (
            ConferenceStatus.POSTPONED,
            "Wann: Die Konferenz wird verschoben. Der neue Termin steht noch nicht fest.",
        ),
    ],
)
def test_a_mail_that_waited_says_what_became_of_the_conference(
    before_rheine, postbox, rheine, status, sentence
):
    by_mail(rheine[0])
    with transaction():
        rheine[0].status = status

    mail.deliver()

    assert sentence in text_of(postbox.mails[0]).splitlines()


def test_a_conference_over_midnight_names_both_days(app, postbox):
    by_mail(make.conference(starts_at=make.at("2027-05-28 20:00")))

    mail.deliver()

    assert (
        "Wann: Freitag, 28. Mai 2027, 22:00 Uhr bis Samstag, 29. Mai 2027, 01:00 Uhr"
        in text_of(postbox.mails[0]).splitlines()
    )


def test_without_a_telephone_only_the_link_is_named(app, postbox, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_FROM", "noreply@kreis.example")
    by_mail(make.conference(make.host(phone="", email=""), contact_phone=""))

    mail.deliver()

    text = text_of(postbox.mails[0])
    assert "Sie sagen mit dem Link oben ab." in text.splitlines()
    assert "Telefon" not in text
    assert "Haben Sie Fragen?" not in text
    assert postbox.mails[0]["Reply-To"] is None


def test_with_a_telephone_alone_it_is_named_alone(app, postbox, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_FROM", "noreply@kreis.example")
    host = make.host(name="Stadt Herne", email="", phone="+49 2323 / 16-0")
    venue = make.venue(
        host, name="Rathaus", street="", postal_code="", city="", directions=Translated("Bus 3")
    )
    by_mail(make.conference(host, contact_phone="", venue_id=venue.id))

    mail.deliver()

    text = text_of(postbox.mails[0])
    assert "Wer: Stadt Herne\nTelefon: +49 2323 / 16-0\n" in text
    assert "Wo: Rathaus\nSo kommen Sie hin: Bus 3\n" in text
    assert "tel:+492323160" in html_of(postbox.mails[0])


def test_with_an_address_alone_it_is_named_alone(app, postbox):
    by_mail(make.conference(make.host(phone=""), contact_phone=""))

    mail.deliver()

    assert "E-Mail: beteiligung@stadt.example" in text_of(postbox.mails[0]).splitlines()
    assert "Telefon" not in text_of(postbox.mails[0])


def test_the_groups_of_several_people_stand_apart(before_rheine, postbox, rheine):
    conference, housing, poverty = rheine
    registration = by_mail(conference, housing.rounds[0])
    with transaction():
        second = Participant(
            host_id=conference.host_id,
            conference_id=conference.id,
            registration_id=registration.id,
            position=2,
        )
        db.session.add(second)
        db.session.flush()
        seats.take(poverty.rounds[0], second)
    db.session.expire_all()

    mail.deliver()

    text = text_of(postbox.mails[0])
    first_part, second_part = text.partition("Arbeitsgruppen von Person 2")[::2]
    assert "Arbeitsgruppen von Person 1" in first_part
    assert ("Wohnen" in first_part, "Armut" in first_part) == (True, False)
    assert ("Wohnen" in second_part, "Armut" in second_part) == (False, True)


def test_a_demo_says_so(app, postbox):
    by_mail(make.conference(title=Translated("Konferenz"), is_demo=True))

    mail.deliver()

    assert postbox.mails[0]["Subject"] == "Demo: erfunden – Sie sind angemeldet: Konferenz"
    assert "Demo: erfunden. Diese Konferenz gibt es nicht." in text_of(postbox.mails[0])


def test_an_invitation_carries_its_token_in_a_link(app, postbox):
    _, token = staff.invite("neu@stadt.example", "Neu", StaffRole.ORGANIZER, make.host(name="Stadt Herne"))

    mail.deliver()

    (received,) = postbox.mails
    assert received["Subject"] == "Ihr Zugang zur Verwaltung: Stadt Herne"
    assert f"http://localhost/verwaltung/einladung/{token}" in text_of(received).splitlines()


def test_an_invitation_without_a_host_needs_the_address_of_the_installation(app, postbox, monkeypatch):
    staff.invite("leitung@land.example", "Leitung", StaffRole.INSTANCE_ADMIN, None)

    assert mail.deliver() == 0
    assert only_message().last_error == (
        "Es fehlt eine Absender-Adresse: MAIL_FROM oder die E-Mail-Adresse des Veranstalters."
    )

    monkeypatch.setitem(app.config, "MAIL_FROM", "noreply@land.example")
    with transaction():
        only_message().next_attempt_at = only_message().created_at
    assert mail.deliver() == 1
    assert postbox.mails[0]["From"] == "Sozialraumkonferenz <noreply@land.example>"


def test_a_reported_barrier_is_announced_and_its_words_stay_inside(app, postbox):
    host = make.host(name="Stadt Herne")
    with transaction():
        feedback = AccessibilityFeedback(
            host_id=host.id, text="Ich bin blind.", contact="", submission_digest="d" * 64
        )
        db.session.add(feedback)
        db.session.flush()
        notices.accessibility_feedback(feedback)

    mail.deliver()

    (received,) = postbox.mails
    assert received["Subject"] == "Eine Barriere wurde gemeldet: Stadt Herne"
    assert postbox.recipients == [host.email]
    assert "blind" not in text_of(received) + html_of(received)
    assert "http://localhost/verwaltung/" in text_of(received).splitlines()


def test_feedback_deleted_meanwhile_is_not_announced(app, postbox):
    host = make.host()
    with transaction():
        feedback = AccessibilityFeedback(host_id=host.id, text="…", contact="", submission_digest="d" * 64)
        db.session.add(feedback)
        db.session.flush()
        notices.accessibility_feedback(feedback)
    with transaction():
        db.session.delete(feedback)

    assert mail.deliver() == 0

    assert only_message().last_error == "Nicht mehr nötig: Die Rückmeldung gibt es nicht mehr."


def test_having_moved_up_can_be_told_again_after_its_details_were_erased(before_rheine, postbox, rheine):
    conference, housing, _poverty = rheine
    seated = make.registration(conference, housing.rounds[0])
    by_mail(conference, housing.rounds[0])
    seats.release(seated.participants[0].live_seats[0])
    mail.deliver()

    outbox.send_again(messages()[1], make.staff_member())
    mail.deliver()

    assert [received["Subject"] for received in postbox.mails[1:]] == [
        "Sie haben jetzt einen Platz: Sozialkonferenz Rheine 2023"
    ] * 2
    assert "Wohnen" in text_of(postbox.mails[2])


def test_hostile_words_stay_words(app, postbox):
    host = make.host(name='Stadt\r\nBcc: alle@post.example "<b>" \u202eX')
    conference = make.conference(
        host, title=Translated("<script>alert(1)</script>\r\nBcc: x@y.example\u202e &amp; \u0007")
    )
    by_mail(conference)

    mail.deliver()

    (received,) = postbox.mails
    assert received["Bcc"] is None
    assert postbox.recipients == [ADDRESS]
    assert received["Subject"] == ("Sie sind angemeldet: <script>alert(1)</script> Bcc: x@y.example &amp;")
    assert "<script>" not in html_of(received)
    assert "&lt;script&gt;" in html_of(received)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example, c@d.example",
        "a@b.example\r\nRCPT TO:<c@d.example>",
        "<a@b.example>",
        "a b@c.example",
        "nichts",
        "a@..",
    ],
)
def test_anything_but_one_address_is_refused(app, postbox, address):
    by_mail(make.conference(), address=address)

    assert mail.deliver() == 0

    assert postbox.recipients == []
    assert only_message().state is MessageState.FAILED
    assert only_message().last_error == "Die gespeicherte Adresse ist keine gültige E-Mail-Adresse."


def test_a_domain_with_an_umlaut_is_written_in_ascii(app, postbox):
    by_mail(make.conference(), address="amina@müller.example")

    assert mail.deliver() == 1

    assert postbox.recipients == ["amina@xn--mller-kva.example"]


def test_an_address_in_another_script_needs_a_server_that_knows_it(app, postbox, monkeypatch):
    by_mail(make.conference(), address="أمينة@post.example")

    assert mail.deliver() == 0
    assert (
        only_message().last_error == "Der Mailserver kann keine Adressen mit Umlauten oder anderen Schriften."
    )

    with mailserver.running(enable_SMTPUTF8=True) as able:
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{able.port}")
        outbox.send_again(only_message(), make.staff_member())
        assert mail.deliver() == 1
    assert able.recipients == ["أمينة@post.example"]


def test_what_was_sent_keeps_neither_address_nor_payload(app, postbox):
    staff.invite("neu@stadt.example", "Neu", StaffRole.ORGANIZER, make.host())

    mail.deliver()

    message = only_message()
    assert (message.state, message.recipient, message.payload) == (MessageState.SENT, "", "")
    assert message.sent_at is not None
    assert message.attempts == 1
    assert mail.deliver() == 0


def test_without_a_mail_server_messages_wait_and_say_so(app):
    by_mail(make.conference())

    assert mail.deliver() == 0

    message = only_message()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 0)
    assert message.last_error == "Es ist kein Mailserver eingerichtet (MAIL_URL). Die Nachricht wartet hier."


def test_with_the_mail_server_down_messages_wait_and_say_so(app, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{mailserver.free_port()}")
    conference = make.conference()
    by_mail(conference)
    by_mail(conference, address="zweite@post.example")

    assert mail.deliver() == 0

    for message in messages():
        assert (message.state, message.attempts) == (MessageState.QUEUED, 0)
        assert message.last_error == (
            "Der Mailserver ist nicht erreichbar. Die Nachricht wartet und wird von selbst wieder versucht."
        )


def test_when_the_mail_server_is_back_the_messages_go_out(app, monkeypatch):
    by_mail(make.conference())
    with mailserver.running() as box:
        port = box.port
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{port}")
    mail.deliver()

    with mailserver.running() as box:
        monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://127.0.0.1:{box.port}")
        assert mail.deliver() == 1
    assert only_message().last_error == ""


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://h:x",
        "file://host/ordner",
        "smtp://[",
        "file:",
    ],
)
def test_an_unreadable_mail_url_is_said_without_repeating_it(app, monkeypatch, url):
    monkeypatch.setitem(app.config, "MAIL_URL", url)
    by_mail(make.conference())

    assert mail.deliver() == 0

    assert only_message().last_error.startswith("MAIL_URL ist nicht lesbar.")


def test_a_refused_recipient_has_failed_and_the_others_arrive(app, postbox):
    conference = make.conference()
    by_mail(conference, address="weg@post.example")
    postbox.answer_to_recipient = "550 5.1.1 <weg@post.example>: user unknown"
    assert mail.deliver() == 0

    message = only_message()
    assert message.state is MessageState.FAILED
    assert message.last_error == "Der Mailserver nimmt diese Adresse nicht an (550 5.1.1)."
    assert secrets.decrypt(message.recipient) == "weg@post.example"

    postbox.answer_to_recipient = ""
    by_mail(conference)
    assert mail.deliver() == 1


def test_refused_content_has_failed(app, postbox):
    by_mail(make.conference())
    postbox.answer_to_content = "554 spam"

    mail.deliver()

    assert only_message().state is MessageState.FAILED
    assert only_message().last_error == "Der Mailserver nimmt diese E-Mail nicht an (554)."


def test_a_passing_refusal_is_tried_again_later_and_the_same_connection_goes_on(app, postbox, clock):
    conference = make.conference()
    by_mail(conference)
    postbox.answer_to_recipient = "450 4.2.1 busy"
    mail.deliver()
    message = only_message()
    assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
    assert message.last_error == "Der Mailserver nimmt diese Adresse nicht an (450 4.2.1)."
    assert message.next_attempt_at == make.at("2026-03-02 12:01")

    postbox.answer_to_recipient = ""
    assert mail.deliver() == 0
    clock.shift(60)
    assert mail.deliver() == 1
    assert only_message().attempts == 2


def test_a_refused_sender_is_nobodys_fault_and_all_wait(app, postbox):
    conference = make.conference()
    by_mail(conference)
    by_mail(conference, address="zweite@post.example")
    postbox.answer_to_sender = "553 5.7.1 not yours"

    assert mail.deliver() == 0

    assert [message.state for message in messages()] == [MessageState.QUEUED, MessageState.QUEUED]
    assert {message.last_error for message in messages()} == {
        "Der Mailserver nimmt den Absender nicht an (553 5.7.1). Prüfen Sie MAIL_FROM."
    }


def test_a_server_that_closes_makes_all_wait(app, postbox):
    conference = make.conference()
    by_mail(conference)
    by_mail(conference, address="zweite@post.example")
    postbox.answer_to_recipient = "421 closing"

    assert mail.deliver() == 0

    assert [message.state for message in messages()] == [MessageState.QUEUED, MessageState.QUEUED]
    assert [message.attempts for message in messages()] == [1, 0]


def test_after_five_days_of_refusals_a_message_has_failed(app, postbox, clock):
    by_mail(make.conference())
    postbox.answer_to_recipient = "450 4.2.1 busy"

    waits = []
    while only_message().state is MessageState.QUEUED:
        before = only_message().next_attempt_at
        clock.move_to(before)
        mail.deliver()
        waits.append(only_message().next_attempt_at - before)

    assert only_message().state is MessageState.FAILED
    assert only_message().attempts == 12
    assert [int(wait.total_seconds() // 60) for wait in waits[:-1]] == [
        1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440, 1440,
    ]  # fmt: skip


def test_a_connection_that_breaks_after_the_content_is_unknown_and_not_sent_twice(app, postbox):
    by_mail(make.conference())
    postbox.hangs_up_after_content = True

    assert mail.deliver() == 0
    assert mail.deliver() == 0

    assert len(postbox.mails) == 1
    assert only_message().state is MessageState.UNKNOWN
    assert only_message().last_error == (
        "Der Mailserver hat nicht mehr geantwortet. Vielleicht ist die E-Mail trotzdem angekommen."
    )


class Crash(BaseException):
    """The process ends."""


def test_a_process_that_dies_after_sending_leaves_unknown_and_not_a_second_mail(app, postbox, clock):
    by_mail(make.conference())

    class CrashAfterSending:
        def __init__(self, way):
            self.way = way

        def __enter__(self):
            self.way.__enter__()
            return self

        def __exit__(self, *error):
            self.way.__exit__(*error)

        def send(self, message):
            self.way.send(message)
            raise Crash

    with pytest.raises(Crash):
        mail.deliver(open_way=lambda settings: CrashAfterSending(mail.way_out(settings)))
    assert only_message().state is MessageState.SENDING

    clock.shift(outbox.LEASE.total_seconds() - 1)
    assert mail.deliver() == 0
    assert only_message().state is MessageState.SENDING

    clock.shift(1)
    assert mail.deliver() == 0
    assert len(postbox.mails) == 1
    assert only_message().state is MessageState.UNKNOWN
    assert only_message().last_error == (
        "Die Verbindung ist beim Senden abgebrochen. Vielleicht ist die E-Mail trotzdem angekommen."
    )


def test_a_message_that_cannot_be_written_does_not_stop_the_others(app, postbox, caplog):
    conference = make.conference()
    by_mail(conference)
    by_mail(conference, address="zweite@post.example")
    with transaction():
        messages()[0].payload = secrets.encrypt("kein JSON")

    assert mail.deliver() == 1

    broken = messages()[0]
    assert broken.state is MessageState.QUEUED
    assert broken.last_error == "Die Nachricht ließ sich nicht schreiben. Der Grund steht im Protokoll."
    assert ADDRESS not in caplog.text


def test_a_message_locked_with_another_key_waits(app, postbox):
    by_mail(make.conference())
    key = app.config["DATA_KEY"]
    secrets.configure(
        pepper=app.config["CODE_PEPPER"], data_key="bmljaHQtZGVyLXNjaGx1ZXNzZWwtLS0tLS0tLS0tLS0="
    )
    try:
        assert mail.deliver() == 0
    finally:
        secrets.configure(pepper=app.config["CODE_PEPPER"], data_key=key)

    assert only_message().last_error == "Die Adresse ist mit einem anderen Schlüssel gespeichert (DATA_KEY)."
    assert only_message().state is MessageState.QUEUED


def test_the_worker_stops_between_two_mails(app, postbox):
    conference = make.conference()
    for number in range(3):
        by_mail(conference, address=f"person{number}@post.example")

    assert mail.deliver(should_stop=lambda: len(postbox.mails) == 2) == 2

    assert [message.state.value for message in messages()] == ["sent", "sent", "queued"]


def test_name_and_password_are_sent_to_this_machine(app, postbox, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://amt:geheim%2F1@127.0.0.1:{postbox.port}")
    by_mail(make.conference())

    assert mail.deliver() == 1


def test_a_wrong_password_is_said_and_nothing_fails(app, postbox, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://amt:falsch@127.0.0.1:{postbox.port}")
    by_mail(make.conference())

    assert mail.deliver() == 0

    assert only_message().state is MessageState.QUEUED
    assert only_message().last_error == (
        "Der Mailserver nimmt Name oder Passwort nicht an. Prüfen Sie MAIL_URL."
    )


@pytest.fixture
def certificate(tmp_path):
    """A certificate for this machine that nobody vouches for, and a server's TLS context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(make.at("2026-01-01 00:00"))
        .not_valid_after(make.at("2126-01-01 00:00"))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context


@pytest.mark.parametrize(("scheme", "option"), [("smtp", "tls_context"), ("smtps", "ssl_context")])
def test_mails_are_encrypted_and_the_certificate_is_checked(app, certificate, monkeypatch, scheme, option):
    file, context = certificate
    by_mail(make.conference())

    with mailserver.running(**{option: context}) as box:
        monkeypatch.setitem(app.config, "MAIL_URL", f"{scheme}://amt:geheim%2F1@127.0.0.1:{box.port}")
        assert mail.deliver() == 0
        assert only_message().state is MessageState.QUEUED
        assert only_message().last_error == (
            "Die verschlüsselte Verbindung zum Mailserver kam nicht zustande. Prüfen Sie sein Zertifikat."
        )

        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert mail.deliver() == 1
    assert box.was_encrypted


def test_a_password_is_not_sent_without_encryption(app, postbox, monkeypatch):
    # Another spelling of 127.0.0.1, by which it is not known to be this machine.
    monkeypatch.setitem(app.config, "MAIL_URL", f"smtp://amt:geheim%2F1@127.1:{postbox.port}")
    by_mail(make.conference())

    assert mail.deliver() == 0

    assert only_message().last_error == (
        "Der Mailserver bietet keine Verschlüsselung an. Name und Passwort werden so nicht gesendet."
    )


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("smtp://mail.example", 25),
        ("smtp://name@mail.example", 587),
        ("smtps://mail.example", 465),
        ("smtp://mail.example:2525", 2525),
    ],
)
def test_the_usual_ports_need_not_be_named(app, url, port):
    way = mail_ways.way_out({"MAIL_URL": url, "BASE_URL": "http://localhost"})

    assert way._port == port


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_this_machine_is_known_by_both_names(host):
    assert mail_ways._is_this_machine(host)


def test_a_folder_that_becomes_unwritable_makes_mails_wait(app, monkeypatch, tmp_path):
    folder = tmp_path / "post"
    monkeypatch.setitem(app.config, "MAIL_URL", folder.as_uri())
    by_mail(make.conference())
    way = mail_ways.Folder(folder)
    with way:
        folder.rmdir()
        with pytest.raises(mail_ways.ServerAway, match="lässt sich nicht schreiben"):
            way.send(mail.compose(only_message()))


def test_a_connection_lost_before_the_content_makes_the_mail_wait(app, postbox):
    by_mail(make.conference())
    postbox.hangs_up_at_recipient = True

    assert mail.deliver() == 0

    assert (only_message().state, only_message().attempts) == (MessageState.QUEUED, 1)
    assert postbox.mails == []


def test_a_folder_takes_mails_as_files(app, monkeypatch, tmp_path):
    folder = tmp_path / "post ausgang"
    monkeypatch.setitem(app.config, "MAIL_URL", folder.as_uri())
    conference = make.conference()
    by_mail(conference)
    by_mail(conference, address="zweite@post.example")

    assert mail.deliver() == 2

    files = sorted(folder.iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    assert f"To: {ADDRESS}".encode() in files[0].read_bytes()


def test_a_folder_that_cannot_be_written_makes_mails_wait(app, monkeypatch, tmp_path):
    (tmp_path / "datei").write_text("")
    monkeypatch.setitem(app.config, "MAIL_URL", (tmp_path / "datei").as_uri())
    by_mail(make.conference())

    assert mail.deliver() == 0

    assert only_message().last_error == "In den Ordner von MAIL_URL lässt sich nicht schreiben."


def test_an_invitation_that_was_accepted_meanwhile_is_not_sent(app, postbox):
    _, token = staff.invite("neu@stadt.example", "Neu", StaffRole.ORGANIZER, make.host())
    staff.accept(token, "ein langes Passwort")

    mail.deliver()

    assert postbox.mails == []
    assert (only_message().state, only_message().recipient, only_message().payload) == (
        MessageState.NEEDLESS,
        "",
        "",
    )
    assert only_message().last_error == (
        "Nicht mehr nötig: Die Einladung ist angenommen, ersetzt oder abgelaufen."
    )
