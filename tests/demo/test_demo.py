"""The demos: they load into an empty database only, say everything in two languages, and never grow old."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from app import demo
from app.database import db, now
from app.domain import hosts, importing, local_time, registrations, seats, staff
from app.models import (
    Conference,
    ConferenceStatus,
    Contribution,
    ContributionPhase,
    ContributionStatus,
    Edition,
    FileState,
    Host,
    Registration,
    SeatState,
    SignupState,
    StaffRole,
    Topic,
    Translated,
    WorkingGroup,
)
from tests import make
from tests.domain.importing.rheine import rows
from tests.visitor import Visitor


def musterhausen() -> Conference:
    return db.session.scalars(select(Conference).where(Conference.key == "stadtteilkonferenz-nord")).one()


def rheine() -> Conference:
    return db.session.scalars(select(Conference).where(Conference.key == "rheine-2023")).one()


def workshop() -> Conference:
    return db.session.scalars(select(Conference).where(Conference.key == demo.WORKSHOP)).one()


def loaded() -> demo.Loaded:
    made = demo.load()
    assert made is not None
    return made


def test_load_brings_all_conferences_as_demos(app: Flask) -> None:
    loaded()

    assert {(host.key, host.is_demo) for host in db.session.scalars(select(Host))} == {
        ("rheine", True),
        ("musterhausen", True),
    }
    assert all(conference.shows_demo for conference in db.session.scalars(select(Conference)))
    assert rheine().status is ConferenceStatus.PUBLISHED
    assert musterhausen().signup_state(now()) is SignupState.OPEN
    assert workshop().signup_state(now()) is SignupState.CLOSED_BY_HAND


def test_load_gives_one_full_group_with_a_queue_of_three(app: Flask) -> None:
    loaded()

    state = {
        (group.key, found.number): (found.seats_free, found.waiting)
        for group in musterhausen().groups
        for found in group.rounds
    }
    assert len(state) == 12
    assert {name: waiting for name, (free, waiting) in state.items() if free <= 0} == {("kinder", 1): 3}
    assert all(waiting == 0 for name, (_, waiting) in state.items() if name != ("kinder", 1))
    live = [
        found
        for found in db.session.scalars(select(Registration))
        if found.conference_id == musterhausen().id
    ]
    assert 30 <= len(live) <= 45


def test_load_registers_a_resident_who_is_third_in_the_queue(app: Flask) -> None:
    made = loaded()

    resident = registrations.by_code(musterhausen().host_id, made.code)
    held = {seat.group_round.group.key: seat for seat in resident.participants[0].live_seats}
    assert {key: seat.state for key, seat in held.items()} == {
        "treffpunkte": SeatState.SEATED,
        "kinder": SeatState.WAITING,
    }
    assert seats.queue_position(held["kinder"]) == 3


def test_printed_code_opens_the_registration_at_the_printed_address(app: Flask, client: Visitor) -> None:
    made = loaded()
    assert made.resident_path in str(made)

    opened = client.post(made.resident_path, data={"code": made.code})

    assert opened.status_code == 302
    assert "Platz 3" in client.get(opened.location).text


def test_printed_code_opens_the_contribution_at_the_printed_address(app: Flask, client: Visitor) -> None:
    made = loaded()
    assert made.contribution_path in str(made)

    opened = client.post(made.contribution_path, data={"code": made.contribution_code})

    assert opened.status_code == 302
    assert demo.SAID in client.get(opened.location).text


def test_load_gives_contributions_in_every_state_and_a_queue_that_has_an_age(app: Flask) -> None:
    loaded()
    conference = musterhausen()
    found = [row for row in db.session.scalars(select(Contribution)) if row.conference_id == conference.id]

    assert conference.contribution_phase(now()) is ContributionPhase.OPEN
    assert {row.status for row in found} == set(ContributionStatus) - {ContributionStatus.WITHDRAWN}
    assert {row.language for row in found} == {"de", "ar", "uk", "en", "tr"}
    assert [row.key for row in found if row.german and not row.german_reviewed] == ["N04"]
    assert max(local_time.day_of(now()) - row.received_on for row in found if row.is_undecided) == timedelta(
        6
    )
    assert all(row.received_on <= local_time.day_of(now()) for row in found)
    public = sorted(row.number for row in found if row.number)
    assert public == list(range(1, len(public) + 1))


def test_load_publishes_a_first_edition_of_rheine_for_the_worker_to_make(app: Flask) -> None:
    made = loaded()

    edition = db.session.scalars(select(Edition)).one()
    assert (edition.conference_id, edition.number) == (rheine().id, 1)
    assert edition.snapshot["edition"]["is_demo"]
    assert len(edition.snapshot["recommendations"]) == 15
    assert {file.state for file in edition.files} == {FileState.QUEUED}
    assert made.results_path in str(made)


def test_load_makes_one_account_for_each_role_and_says_its_password_once(app: Flask) -> None:
    made = loaded()

    signed_in = [staff.sign_in(account.email, account.password) for account in made.accounts]
    assert [[held.role for held in member.assignments] for member in signed_in] == [
        [StaffRole.INSTANCE_ADMIN],
        [StaffRole.HOST_ADMIN],
        [StaffRole.ORGANIZER],
    ]
    printed = str(made)
    stored = str(rows())
    for secret in (*(account.password for account in made.accounts), made.code, made.contribution_code):
        assert secret in printed
        assert secret not in stored
        assert secret not in repr(made)


def test_load_twice_changes_nothing(app: Flask) -> None:
    loaded()
    before = rows()

    assert demo.load() is None
    assert rows() == before


@pytest.mark.parametrize("what", ["host", "account"])
def test_load_into_a_used_database_changes_nothing(app: Flask, what: str) -> None:
    if what == "host":
        make.host()
    else:
        staff.create("betrieb@stadt.example", "Betrieb", StaffRole.INSTANCE_ADMIN, None, make.PASSWORD)
    before = rows()

    assert demo.load() is None
    assert rows() == before


def test_load_that_fails_half_way_leaves_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    # A group the demo resident is to sit in, and that is not in the file.
    monkeypatch.setattr(demo, "WAITING_FOR", ("fehlt", 1))

    with pytest.raises(NoResultFound):
        demo.load()

    assert rows() == []


def test_musterhausen_says_everything_shown_in_german_and_arabic(app: Flask) -> None:
    loaded()
    conference = musterhausen()
    venue = conference.venue
    assert venue is not None

    shown: dict[str, Translated] = {
        f"conference.{name}": getattr(conference, name)
        for name in (
            "kind_label",
            "title",
            "motto",
            "teaser",
            "about",
            "costs",
            "children",
            "language_help",
            "afterwards",
            "contact_hours",
        )
    }
    shown |= {"venue.directions": venue.directions, "host.welcome": conference.host.welcome}
    shown |= {"host.phone_hours": conference.host.phone_hours}
    for item in conference.agenda:
        shown[f"agenda.{item.position}"] = item.title
        if item.speaker_role:
            shown[f"agenda.{item.position}.speaker"] = item.speaker_role
    for topic in db.session.scalars(select(Topic).where(Topic.conference_id == conference.id)):
        shown[f"topic.{topic.key}"] = topic.title
        if topic.summary:
            shown[f"topic.{topic.key}.summary"] = topic.summary
    for group in conference.groups:
        for name in ("title", "description", "questions", "facilitator_role"):
            shown[f"{group.key}.{name}"] = getattr(group, name)

    assert {name: set(text) for name, text in shown.items()} == {key: {"de", "ar"} for key in shown}
    arabic = {name: text["ar"] for name, text in shown.items()}
    assert [
        name for name, text in arabic.items() if not any("\u0600" <= char <= "\u06ff" for char in text)
    ] == []
    assert [
        group.key
        for group in conference.groups
        if len({text.count("\n") for text in group.questions.values()}) != 1
    ] == []
    assert len(conference.groups) == 6


def test_both_hosts_have_what_their_legal_pages_need(app: Flask) -> None:
    loaded()

    for host in db.session.scalars(select(Host)):
        missing = [name for name in hosts.SETTINGS if not getattr(host, name) and name not in ("vat_id",)]
        assert (host.key, missing) == (host.key, [])
        assert hosts.contrast(host.accent_colour, "#ffffff") >= 4.5
        assert host.logo is not None
        assert host.logo.size <= 30_000


def test_german_sentences_are_short() -> None:
    """Plain language: at most 20 words a sentence, 15 on average ."""
    text = demo.with_dates((demo.FOLDER / "musterhausen.yaml").read_text(encoding="utf-8"), date(2026, 3, 2))
    data = importing.reading.read("musterhausen.yaml", text.encode()).value
    spoken = [
        *data["conference"]["texts"]["de"].values(),
        *(group["description"]["de"] for group in data["working_groups"]),
    ]
    sentences = [
        part
        for passage in spoken
        for part in passage.replace("?", ".").replace("!", ".").split(".")
        if part.strip()
    ]
    lengths = [len(sentence.split()) for sentence in sentences]

    assert max(lengths) <= 20
    assert sum(lengths) / len(lengths) <= 15


@pytest.mark.parametrize("weeks", range(160))
def test_day_of_the_workshop_is_a_wednesday_before_the_conference(weeks: int) -> None:
    today = date(2026, 1, 1) + timedelta(days=weeks * 7 + weeks % 7)

    day = demo.day_of_conference(today, demo.WORKSHOP_WEEKS_AHEAD, demo.WEDNESDAY)

    assert day.weekday() == demo.WEDNESDAY
    assert today + timedelta(weeks=5) <= day < demo.day_of_conference(today) + timedelta(days=2)
    assert (day.month, day.day) not in demo.HOLIDAYS


@pytest.mark.parametrize("weeks", range(160))
def test_day_of_conference_is_a_day_a_town_would_choose(weeks: int) -> None:
    today = date(2026, 1, 1) + timedelta(days=weeks * 7 + weeks % 7)

    day = demo.day_of_conference(today)

    assert day.weekday() == demo.TUESDAY
    assert timedelta(weeks=8) <= day - today <= timedelta(weeks=13)
    assert (day.month, day.day) not in demo.HOLIDAYS
    assert not (day.month == 12 and day.day >= 18)
    assert not (day.month == 1 and day.day <= 8)


@pytest.mark.parametrize(
    "today", [date(2026, 1, 31), date(2026, 10, 20), date(2027, 2, 1), date(2028, 2, 29)]
)
def test_musterhausen_is_without_mistake_on_any_day(today: date) -> None:
    text = (demo.FOLDER / "musterhausen.yaml").read_text(encoding="utf-8")
    other = demo.with_dates((demo.FOLDER / "musterhausen-werkstatt.yaml").read_text(encoding="utf-8"), today)
    assert importing.check("musterhausen-werkstatt.yaml", other.encode(), demo.FOLDER) == []

    moved = demo.with_dates(text, today)

    assert importing.check("musterhausen.yaml", moved.encode(), demo.FOLDER) == []
    assert f'registration_opens: "{today - timedelta(days=14)}"' in moved
    body = moved[moved.index("schema:") :]
    assert "@{" not in body


def test_rheine_is_the_file_as_it_was_handed_over() -> None:
    content = (demo.FOLDER / "rheine-2023.yaml").read_bytes()

    assert (
        hashlib.sha256(content).hexdigest()
        == "17df25d2790aa480435003215f0ea6c45e27f67ff1d3911670190df28e6338e2"
    )


def test_loaded_rheine_is_unchanged_on_a_later_import(app: Flask) -> None:
    loaded()
    before = rows()

    assert importing.conference(demo.FOLDER / "rheine-2023.yaml").unchanged
    assert rows() == before
    assert db.session.scalar(select(func.count()).select_from(WorkingGroup)) == 14
