"""Importing Rheine: what stands in the database afterwards, and that nothing stands there after a failure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event, func, select

from app import demo
from app.database import db
from app.domain import codes, import_records, importing, registrations, secrets
from app.domain.errors import UnknownCode
from app.domain.importing import FileRefused
from app.models import (
    AgendaItem,
    Conference,
    ConferenceKind,
    ConferenceStatus,
    ContactChannel,
    GroupRound,
    Host,
    ImportRecord,
    Message,
    Participant,
    Registration,
    RegistrationStatus,
    Room,
    Seat,
    SeatState,
    Venue,
)
from tests import make
from tests.domain.importing.rheine import FILE, TEXT, changed, imported, rows

OPEN_SEATS = {
    ("ag1", 1): (16, 3, 0),
    ("ag1", 2): (16, 3, 0),
    ("ag2", 1): (16, 3, 0),
    ("ag2", 2): (16, 3, 0),
    ("ag3", 1): (18, 3, 0),
    ("ag3", 2): (18, 2, 0),
    ("ag4", 1): (20, 3, 1),
    ("ag4", 2): (20, 4, 0),
}


def the_conference() -> Conference:
    return db.session.scalars(select(Conference).where(Conference.key == "rheine-2023")).one()


def registration(key: str) -> Registration:
    return db.session.scalars(select(Registration).where(Registration.key == key)).one()


def counters() -> dict[tuple[str, int], tuple[int, int, int]]:
    return {
        (found.group.key, found.number): (found.capacity, found.seats_taken, found.waiting)
        for found in db.session.scalars(select(GroupRound))
    }


def counted() -> dict[tuple[str, int], tuple[int, int, int]]:
    """The same as `counters`, counted from the seats."""
    found = {}
    for group_round in db.session.scalars(select(GroupRound)):
        states = [
            seat.state
            for seat in db.session.scalars(select(Seat).where(Seat.group_round_id == group_round.id))
        ]
        found[group_round.group.key, group_round.number] = (
            group_round.capacity,
            states.count(SeatState.SEATED),
            states.count(SeatState.WAITING),
        )
    return found


@contextmanager
def refused_by_database(statement_start: str) -> Iterator[None]:
    """Let the database fail at the first statement that begins so, as on a full disk."""

    def fail(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(statement_start):
            raise OSError("no space left on device")

    engine: Engine = db.engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


def test_import_writes_conference_as_the_file_says(app: Flask) -> None:
    importing.conference(FILE)

    conference = the_conference()
    assert (conference.host.key, conference.host.name) == ("rheine", "Stadt Rheine")
    assert conference.is_demo
    assert conference.host.is_demo
    assert conference.kind is ConferenceKind.CITY_CONFERENCE
    assert conference.status is ConferenceStatus.PUBLISHED
    assert conference.starts_at == datetime(2023, 5, 25, 14, 30, tzinfo=UTC)
    assert conference.ends_at == datetime(2023, 5, 25, 18, 0, tzinfo=UTC)
    assert conference.registration_opens_at == datetime(2023, 4, 16, 22, 0, tzinfo=UTC)
    assert conference.registration_closes_at == datetime(2023, 5, 22, 22, 0, tzinfo=UTC)
    assert (conference.capacity, conference.walk_in_quota, conference.places_taken) == (110, 10, 14)
    assert conference.languages == ["de", "de-x-ls", "tr", "ar", "uk", "en"]
    assert conference.contact_email == "sozialplanung@rheine.example"
    assert set(conference.teaser) == {"de", "de-x-ls", "tr", "ar", "uk", "en"}
    assert conference.teaser["de-x-ls"].splitlines()[0] == "Wir laden Sie ein."
    assert set(conference.costs) == {"de"}


def test_import_writes_venue_rooms_agenda_and_groups(app: Flask) -> None:
    importing.conference(FILE)

    conference = the_conference()
    venue = conference.venue
    assert venue is not None
    assert (venue.name, venue.city, venue.step_free, venue.induction_loop, venue.seats) == (
        "Mensa der Abendrealschule",
        "Rheine",
        True,
        False,
        120,
    )
    assert [room.name for room in venue.rooms] == [
        "Tisch A",
        "Tisch B",
        "Tisch C",
        "Tisch D (mit Dolmetschen Arabisch)",
    ]
    assert [(item.position, item.kind.value, item.round_number) for item in conference.agenda][3:7] == [
        (4, "input", None),
        (5, "group_round", 1),
        (6, "break", None),
        (7, "group_round", 2),
    ]
    assert conference.agenda[0].starts_at == conference.starts_at
    assert str(conference.agenda[1].speaker_role) == "Leitung Sozialdezernat"
    assert [(group.number, group.key, group.room.name if group.room else "") for group in conference.groups][
        3
    ] == (
        4,
        "ag4",
        "Tisch D (mit Dolmetschen Arabisch)",
    )
    assert conference.groups[0].questions["de"].splitlines() == [
        "Welche Infos suchen Sie auf dem Handy?",
        "Wie bleibt die App aktuell?",
        "Was brauchen Menschen ohne Smartphone?",
    ]
    assert conference.groups[3].interpreter_languages == ["ar"]
    assert {
        found.agenda_item.round_number == found.number
        for group in conference.groups
        for found in group.rounds
        if found.agenda_item
    } == {True}


def test_import_gives_seats_and_queue_places_as_the_file_assigns_them(app: Flask) -> None:
    importing.conference(FILE)

    assert counters() == counted() == OPEN_SEATS
    fisch = registration("FISCH-12")
    assert [
        [(seat.round_number, seat.group_round.group.key, seat.state) for seat in person.seats]
        for person in fisch.participants
    ] == [[(1, "ag4", SeatState.SEATED), (2, "ag1", SeatState.SEATED)]] * 2
    waiting = registration("REGEN-16")
    assert waiting.status is RegistrationStatus.CONFIRMED
    assert [
        (seat.group_round.group.key, seat.round_number, seat.state) for seat in waiting.participants[0].seats
    ] == [("ag4", 1, SeatState.WAITING)]
    assert registration("LAMPE-38").status is RegistrationStatus.CANCELLED
    assert registration("LAMPE-38").cancelled_at is not None
    assert registration("LAMPE-38").participants[0].seats == []
    assert registration("NEBEL-05").status is RegistrationStatus.NO_SHOW
    assert db.session.scalar(select(func.count()).select_from(Participant)) == 15
    for group_round in db.session.scalars(select(GroupRound)):
        tickets = list(db.session.scalars(select(Seat.ticket).where(Seat.group_round_id == group_round.id)))
        assert sorted(tickets) == list(range(1, group_round.last_ticket + 1))


def test_import_contact_without_value_is_kept_and_named(app: Flask) -> None:
    report = importing.conference(FILE)

    baum = registration("BAUM-47")
    assert (baum.contact_channel, baum.contact) == (ContactChannel.NONE, "")
    assert importing.kept(the_conference())["registrations"]["BAUM-47"]["contact"] == {"type": "phone"}
    assert "Kontaktwege ohne Adresse oder Nummer (registrations[].contact): 1" in report.kept


def test_import_contact_with_value_is_encrypted(app: Flask) -> None:
    imported(changed(("contact: {type: phone}", 'contact: {type: phone, value: " 05971 000-222 "}')))

    baum = registration("BAUM-47")
    assert baum.contact_channel is ContactChannel.PHONE
    assert secrets.decrypt(baum.contact) == "05971 000-222"
    assert "000-222" not in str(rows())


def test_import_code_of_the_file_opens_nothing(app: Flask) -> None:
    report = importing.conference(FILE)

    with pytest.raises(UnknownCode):
        registrations.by_code(the_conference().host_id, "BAUM-47")
    assert registration("BAUM-47").code_digest != codes.digest("BAUM-47")
    assert any("zu kurz, um geheim zu sein" in sentence for sentence in report.notes)


def test_import_code_that_staff_renew_opens_the_registration(app: Flask) -> None:
    importing.conference(FILE)

    code = registrations.renew_code(registration("BAUM-47"))

    assert registrations.by_code(the_conference().host_id, code).key == "BAUM-47"


def test_import_keeps_what_is_not_carried_and_names_it(app: Flask) -> None:
    report = importing.conference(FILE)

    kept = importing.kept(the_conference())
    assert kept["contributions"]["I46"] == {
        "sr": "SR04",
        "test_note": "withdrawn by author with code; text erased, count kept",
    }
    assert kept["contributions"]["I24"] == {"outreach": "jt-1", "sr": "SR05", "age_band": "12-15"}
    assert kept["recommendations"]["E11"] == {
        "sr": ["SR01", "SR03"],
        "cost_class": "5-25k",
        "amount_per_year": 12000,
        "funding": [],
        "indicator": {"text": "Tausche", "baseline": 0, "target": 20},
        "evidence": ["indicator:living_space"],
    }
    assert kept["registrations"]["FISCH-12"]["needs"] == [
        {"type": "interpreting", "value": "ar"},
        {"type": "childcare", "value": [3, 6]},
        {"type": "food", "value": "halal"},
    ]
    assert kept["registration_form"]["notice"]["version"] == "ds-2023-05-1"
    assert kept["conference"]["texts"] == {"de-x-ls": {"review_status": "draft_not_checked"}}
    assert kept["agenda"] == {"8": {"poll": "poll-1"}}
    assert kept["dot_polls"][0]["results"]["c7"] == 52
    assert kept["cross_topic"]["key"] == "armut"
    assert {
        "aufsuchende Gespräche zu Beiträgen (contributions[].outreach): 7",
        "Unterstützungsbedarf (registrations[].needs): 7",
        "Kennzahlen als Belege (recommendations[].evidence): 3",
    } <= set(report.kept)
    assert not any("Beiträge:" in line or "Themenbündel" in line for line in report.kept)


def test_import_needs_stand_nowhere_in_clear(app: Flask) -> None:
    importing.conference(FILE)

    stored = str(rows())
    assert "halal" in TEXT
    assert "halal" not in stored
    assert "Platz für Rollstuhl" not in stored


def test_import_every_value_of_the_file_is_carried_or_kept(app: Flask) -> None:
    """What an export needs to make the same file again: nothing is dropped on the way."""
    importing.conference(FILE)

    stored = import_records.last(the_conference().id)
    assert stored is not None
    kept = json.dumps(stored[1], ensure_ascii=False)
    carried = str(rows())
    texts = [
        text
        for text in _texts(importing.reading.read("rheine.yaml", TEXT.encode()).value)
        if not text[:4].isdigit() and ":" not in text[:3] and text[:2] not in ("16", "17", "18", "19", "20")
    ]
    lost = [
        text
        for text in texts
        if json.dumps(text, ensure_ascii=False)[1:-1] not in kept
        and all(form not in carried for form in (text.strip(), repr(text.strip())[1:-1], ascii(text)[1:-1]))
    ]
    # What has another name here; evidence has rows of its own.
    assert {text for text in lost if not text.startswith("cluster:")} <= {"waitlisted", "longtext"}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str) and value:
        yield value


def test_import_reports_in_german_what_was_done(app: Flask) -> None:
    report = str(importing.conference(FILE, shown_languages=("de", "ar")))

    assert report.splitlines()[:15] == [
        "rheine-2023.yaml: gespeichert.",
        "Sozialkonferenz Rheine 2023 (/rheine/rheine-2023/): neu (Demo: erfunden).",
        "Stadt: Stadt Rheine (/rheine/).",
        "Räume: 4 neu",
        "Ablauf: 9 neu",
        "Arbeitsgruppen: 4 neu",
        "Fragen des Formulars: 3 neu",
        "Einwilligungen: 3 neu",
        "Unterstützung: 12 neu",
        "Anmeldungen: 14 neu",
        "Themenbündel: 8 neu",
        "Beiträge: 48 neu",
        "Ergebnisprotokolle: 4 neu",
        "Handlungsempfehlungen: 15 neu",
        "Plätze in Gruppen: 24 vergeben, 1 auf der Warteliste",
    ]
    assert "Für REGEN-16 nennt die Datei eine Warteliste ohne Runde" in report
    assert "Die Seiten gibt es noch nicht in: Leichte Sprache, Türkisch, Ukrainisch, Englisch." in report
    assert "Freie Plätze: 17, auf der Warteliste: 1" in report
    assert "keine Nachricht" in report
    assert db.session.scalar(select(func.count()).select_from(Message)) == 0


def test_import_without_the_file_of_spaces_says_that_they_are_not_checked(app: Flask) -> None:
    report = importing.conference_from("rheine.yaml", TEXT.encode())

    assert any("sozialraeume.geojson" in sentence for sentence in report.notes)


def test_import_same_file_again_changes_no_row(app: Flask) -> None:
    importing.conference(FILE)
    before = rows()

    report = importing.conference(FILE)

    assert report.unchanged
    assert str(report).splitlines()[0] == (
        "rheine-2023.yaml: unverändert seit dem letzten Import. Es hat sich nichts geändert."
    )
    assert rows() == before


def test_import_dry_run_reports_the_same_and_changes_no_row(app: Flask) -> None:
    tried = imported(dry_run=True)

    assert rows() == []
    done = imported()
    assert (tried.counts, tried.places, tried.kept, tried.notes) == (
        done.counts,
        done.places,
        done.kept,
        done.notes,
    )
    assert "geprüft, nichts gespeichert (Probelauf)" in str(tried)


def test_import_dry_run_on_an_existing_conference_changes_no_row(app: Flask) -> None:
    importing.conference(FILE)
    before = rows()

    report = imported(
        changed(("status: attended, assigned: {1: ag4, 2: ag4}", "status: cancelled")), dry_run=True
    )

    assert report.counts["Anmeldungen"] == {"geändert": 1, "unverändert": 13}
    assert rows() == before


def test_import_broken_file_changes_no_row(app: Flask) -> None:
    importing.conference(FILE)
    before = rows()

    with pytest.raises(FileRefused):
        imported(changed(("assigned: {1: ag4", "assigned: {1: ag9")))

    assert rows() == before


@pytest.mark.parametrize(
    "statement", ["INSERT INTO seat", "INSERT INTO import_record", "UPDATE import_record"]
)
def test_import_that_fails_late_changes_no_row(app: Flask, statement: str) -> None:
    host = make.host("rheine")
    host_id = host.id
    before = rows()

    with refused_by_database(statement), pytest.raises(OSError, match="no space"):
        imported()

    assert rows() == before
    assert imported().is_new
    assert the_conference().host_id == host_id


def test_import_that_fails_late_leaves_the_earlier_import(app: Flask) -> None:
    importing.conference(FILE)
    before = rows()
    text = changed(
        ("title: Familien-App", "title: App"), ("assigned: {1: ag4, 2: ag4}", "assigned: {1: ag1, 2: ag2}")
    )

    with refused_by_database("INSERT INTO import_record"), pytest.raises(OSError, match="no space"):
        imported(text)

    assert rows() == before


def test_import_conflict_with_another_writer_is_a_sentence(app: Flask) -> None:
    importing.conference(FILE)
    before = rows()

    with refused_uniquely(), pytest.raises(FileRefused) as error:
        imported(changed(("title: Familien-App", "title: App")))

    assert "gerade auch in der Anwendung geschrieben" in str(error.value)
    assert rows() == before


@contextmanager
def refused_uniquely() -> Iterator[None]:
    """Let the database refuse a row as it does when somebody else has written one with the same key."""

    def collide(connection: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO import_record"):
            cursor.execute("INSERT INTO host (key) SELECT key FROM host")

    engine: Engine = db.engine
    event.listen(engine, "before_cursor_execute", collide)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", collide)


def test_import_into_an_existing_real_host_leaves_it_as_it_is(app: Flask) -> None:
    make.host("rheine", name="Rheine an der Ems", is_demo=False)

    report = importing.conference(FILE)

    host = db.session.scalars(select(Host)).one()
    assert (host.name, host.is_demo) == ("Rheine an der Ems", False)
    assert the_conference().is_demo
    assert the_conference().shows_demo
    assert any("Einstellungen bleiben" in sentence for sentence in report.notes)
    assert any("nur diese Konferenz ist als Demo" in sentence for sentence in report.notes)


def test_import_of_a_real_file_is_no_demo(app: Flask) -> None:
    imported(changed(("schema: sozialraumkonferenz-demo/1", "schema: sozialraumkonferenz/1")))

    assert not the_conference().is_demo
    assert not the_conference().host.is_demo


def test_import_of_a_demo_is_refused_where_demos_are_not_allowed(app: Flask) -> None:
    with pytest.raises(FileRefused) as error:
        importing.conference(FILE, allow_demo=False)

    assert "In einer Produktion gibt es keine Demos" in str(error.value)
    assert rows() == []


def test_import_missing_file_or_folder_is_a_sentence(app: Flask, tmp_path: Any) -> None:
    for path in (tmp_path / "fehlt.yaml", tmp_path):
        with pytest.raises(FileRefused) as error:
            importing.conference(path)
        assert "Prüfen Sie Namen und Ordner." in str(error.value)


def test_import_hostile_text_is_stored_as_it_stands(app: Flask) -> None:
    hostile = "<script>alert(1)</script>'); DROP TABLE seat;-- {{ 7*7 }} %s \u202eمرحبا\u200f 👩🏽‍🦽"
    text = changed(
        ("title: Familien-App", f"title: {json.dumps(hostile)}"),
        ('display_name: "Kalle"', f"display_name: {json.dumps(hostile)}"),
    )

    imported(text)

    assert str(the_conference().groups[0].title) == hostile
    assert registration("APFEL-08").display_name == hostile
    assert counters() == OPEN_SEATS


def test_import_several_conferences_of_one_host_share_venue_and_rooms(app: Flask) -> None:
    importing.conference(FILE)

    imported(changed(("  key: rheine-2023", "  key: rheine-2024")))

    numbers = [
        db.session.scalar(select(func.count()).select_from(model))
        for model in (Host, Venue, Room, Conference)
    ]
    assert numbers == [1, 1, 4, 2]


def test_import_group_without_rounds_meets_once(app: Flask) -> None:
    text = changed(
        ("kind: group_round, round: 1", "kind: plenary"),
        ("kind: group_round, round: 2", "kind: plenary"),
    )
    start, end = text.index("\nregistrations:"), text.index("\noutreach:")

    imported(text[:start] + "\n" + text[end:])

    assert {key: found[0] for key, found in counters().items()} == {
        ("ag1", 1): 16,
        ("ag2", 1): 16,
        ("ag3", 1): 18,
        ("ag4", 1): 20,
    }
    assert {found.agenda_item_id for found in db.session.scalars(select(GroupRound))} == {None}


def test_import_queue_of_several_stands_in_the_order_of_positions(app: Flask) -> None:
    text = changed(
        ("status: no_show", "status: waitlisted, waitlist_position: 3"),
        ("group_wishes: [ag3], needs: [{type: access", "group_wishes: [ag4], needs: [{type: access"),
        ("status: cancelled", "status: waitlisted, waitlist_position: 2"),
    )

    imported(text)

    queue = db.session.scalars(select(Seat).where(Seat.state == SeatState.WAITING).order_by(Seat.ticket))
    assert [seat.participant.registration.key for seat in queue] == ["REGEN-16", "LAMPE-38", "NEBEL-05"]


def test_import_logo_and_settings_of_a_new_host(app: Flask) -> None:
    settings = (
        '{key: rheine, accent_colour: "#1B4F8F", logo: rheine-logo.png, welcome: {de: Hallo, ar: مرحبا}, '
        "kind: district, accessibility_reviewed_on: 2023-01-02, phone_hours: immer,"
    )

    imported(changed(("{key: rheine,", settings)))

    host = db.session.scalars(select(Host)).one()
    assert (host.accent_colour, host.kind.value, dict(host.welcome), host.phone_hours["de"]) == (
        "#1b4f8f",
        "district",
        {"de": "Hallo", "ar": "مرحبا"},
        "immer",
    )
    assert host.accessibility_reviewed_on is not None
    assert host.logo is not None
    assert host.logo.media_type == "image/png"
    assert imported(changed(("{key: rheine,", settings))).unchanged


def test_set_up_host_saves_settings_and_logo(app: Flask) -> None:
    host = make.host("rheine")

    importing.set_up_host(host, demo.FOLDER / "rheine-host.yaml")

    assert (host.accent_colour, host.postal_code) == ("#1b4f8f", "00000")
    assert host.logo_id is not None


def test_set_up_host_of_another_town_is_refused(app: Flask) -> None:
    host = make.host("anderswo")
    before = rows()

    with pytest.raises(FileRefused) as error:
        importing.set_up_host(host, demo.FOLDER / "rheine-host.yaml")

    assert "municipality.key: Gefunden: „rheine“. Erwartet: anderswo." in str(error.value)
    assert rows() == before


def test_kept_of_a_conference_from_no_file_is_empty(app: Flask) -> None:
    assert importing.kept(make.conference()) == {}


def test_import_record_remembers_the_file(app: Flask) -> None:
    importing.conference(FILE)

    record = db.session.scalars(select(ImportRecord)).one()
    assert record.file_name == "rheine-2023.yaml"
    assert len(record.sha256) == 64
    assert db.session.scalar(select(func.count()).select_from(AgendaItem)) == 9
