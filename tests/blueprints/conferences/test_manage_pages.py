"""The pages of the conference editor: who may open them, what they show, how much they ask the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.database import db
from app.domain import groups, lifecycle, programme
from app.models import AgendaKind, Conference, ConferenceStatus, Host, StaffRole, Translated
from tests import make
from tests.browse import Page, address_of, visit
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("clock")

OF_CONFERENCE = [
    "manage",
    "copy",
    "edit_texts",
    "edit_schedule",
    "edit_venue",
    "add_venue",
    "edit_programme",
    "add_item",
    "edit_groups",
    "add_group",
    "edit_places",
    "preview",
    "preview_programme",
    "preview_groups",
    "remove",
]


@pytest.fixture
def host() -> Host:
    return make.host(represented_by="Bürgermeisterin oder Bürgermeister")


@pytest.fixture
def draft(host: Host) -> Conference:
    """A draft with everything in it."""
    conference = make.conference(
        host,
        status=ConferenceStatus.DRAFT,
        venue_id=make.venue(host).id,
        languages=["de", "ar"],
        teaser=Translated("Wir reden über unsere Stadt."),
    )
    programme.add(
        conference,
        {
            "kind": AgendaKind.GROUP_ROUND,
            "title": "In Gruppen",
            "speaker_role": "",
            "starts_at": conference.starts_at,
            "ends_at": conference.starts_at + timedelta(minutes=40),
            "room_id": None,
        },
    )
    groups.add(conference, {"title": "Wohnen"}, capacity=5)
    return conference


@pytest.fixture
def organizer(client: Visitor, host: Host) -> Visitor:
    make.sign_in(client, make.staff_member(StaffRole.ORGANIZER, host))
    return client


def opened(
    client: Visitor, endpoint: str, conference: Conference, *, status: int = 200, **parts: object
) -> Page:
    return visit(
        client,
        f"conferences.{endpoint}",
        host=conference.host.key,
        conference=conference.key,
        status=status,
        **parts,
    )


@pytest.mark.parametrize("endpoint", OF_CONFERENCE)
def test_page_opens_is_not_kept_and_changes_nothing(
    organizer: Visitor, draft: Conference, endpoint: str
) -> None:
    version = draft.version

    page = opened(organizer, endpoint, draft)

    assert page.response.headers["Cache-Control"] == "no-store"
    assert db.session.get_one(Conference, draft.id).version == version


@pytest.mark.parametrize("step", ["veroeffentlichen", "ankuendigen"])
def test_step_asks_before_it_is_taken(organizer: Visitor, draft: Conference, step: str) -> None:
    page = opened(organizer, "change_status", draft, step=step)

    assert page.h1.endswith("?")
    assert draft.status is ConferenceStatus.DRAFT


def test_unknown_step_language_item_group_or_venue_is_not_there(
    organizer: Visitor, draft: Conference
) -> None:
    foreign = make.conference(make.host(), venue_id=None)
    stranger = make.group(foreign)

    for endpoint, parts in (
        ("change_status", {"step": "sprengen"}),
        ("edit_translation", {"code": "xx"}),
        ("edit_translation", {"code": "de"}),
        ("edit_item", {"item": 4711}),
        ("remove_item", {"item": 4711}),
        ("edit_group", {"group": stranger.id}),
        ("remove_group", {"group": stranger.id}),
        ("edit_house", {"venue": make.venue(foreign.host).id}),
    ):
        opened(organizer, endpoint, draft, status=404, **parts)


def test_other_hosts_people_may_not_even_look(client: Visitor, draft: Conference) -> None:
    make.sign_in(client, make.staff_member(StaffRole.HOST_ADMIN, make.host()))

    for endpoint in OF_CONFERENCE:
        opened(client, endpoint, draft, status=403)
    visit(client, "conferences.create", host=draft.host.key, status=403)


def test_strangers_are_sent_to_the_login(client: Visitor, draft: Conference) -> None:
    page = opened(client, "manage", draft, status=302)

    assert page.location.startswith("/verwaltung/anmelden?weiter=")


def test_stand_of_a_complete_draft_says_what_comes_next(organizer: Visitor, draft: Conference) -> None:
    page = opened(organizer, "manage", draft)

    assert "Alles Nötige ist da" in page.text
    assert page.links()["Veröffentlichen"].endswith("/schritt/veroeffentlichen")
    assert "0 von 4 Texten übersetzt" in page.text
    assert "Öffentliche Seite" not in page.links()


def test_stand_of_an_empty_draft_links_to_all_that_is_missing(client: Visitor) -> None:
    host = make.host(street="", dpo_contact="")
    bare = make.conference(host, status=ConferenceStatus.DRAFT, contact_phone="")
    make.sign_in(client, make.staff_member(StaffRole.HOST_ADMIN, host))
    at = {"host": host.key, "conference": bare.key}

    links = opened(client, "manage", bare).links()

    texts, settings = (
        address_of(client, "conferences.edit_texts", **at),
        address_of(client, "public.settings", host=host.key),
    )
    expected = {
        "Ein Text fehlt, der sagt, worum es geht.": texts,
        "Telefonnummer oder E-Mail-Adresse für Fragen fehlt.": texts,
        "Der Ort fehlt.": address_of(client, "conferences.edit_venue", **at),
        "Impressum: Die Anschrift fehlt.": settings,
        "Impressum: Es fehlt, wer die Kommune vertritt.": settings,
        "Datenschutz: Es fehlt, wie man die Datenschutzbeauftragten erreicht.": settings,
        "Das Programm ist noch leer.": address_of(client, "conferences.edit_programme", **at),
        "Es gibt noch keine Arbeitsgruppen.": address_of(client, "conferences.edit_groups", **at),
    }
    assert {words: links[words] for words in expected} == expected


def test_stand_of_a_public_conference_shows_hints_and_figures(organizer: Visitor, draft: Conference) -> None:
    lifecycle.publish(draft)
    make.registration(draft, draft.groups[0].rounds[0])
    draft.registration_closes_at = draft.starts_at - timedelta(days=90)
    draft.venue_id = None
    db.session.commit()

    page = opened(organizer, "manage", draft)

    assert "Auf der öffentlichen Seite fehlt etwas" in page.text
    assert "Die Anmeldefrist ist vorbei" in page.text
    figures = [(item.findtext("dt"), item.findtext("dd")) for item in page.one("dl", class_="figures")]
    assert figures == [
        ("Anmeldungen, auch wartende", "1"),
        ("angemeldete Personen", "1"),
        ("Programmpunkt", "1"),
        ("Arbeitsgruppe", "1"),
        ("vergebene Plätze in Gruppen, von 5", "1"),
        ("Plätze auf Wartelisten der Gruppen", "0"),
    ]


def test_hint_for_a_deadline_after_the_start(organizer: Visitor, draft: Conference) -> None:
    draft.registration_closes_at = draft.starts_at + timedelta(hours=1)
    db.session.commit()

    assert "Die Anmeldefrist endet nach dem Beginn der Konferenz." in opened(organizer, "manage", draft).text


def test_preview_shows_a_draft_as_it_will_be(organizer: Visitor, draft: Conference) -> None:
    page = opened(organizer, "preview", draft)

    assert "Vorschau: noch nicht öffentlich" in page.everything
    assert "Anmeldung offen" in page.everything
    assert page.h1 == str(draft.title)
    menu = [link.get("href") for link in page.one("nav", aria_label="Diese Konferenz").iter("a")]
    for address in menu:
        assert "Vorschau" in visit(organizer, str(address)).everything
    visit(organizer, "conferences.show", host=draft.host.key, conference=draft.key, status=404)


def test_preview_of_a_public_conference_says_only_that_it_is_one(
    organizer: Visitor, draft: Conference
) -> None:
    lifecycle.publish(draft)
    lifecycle.close_signup(draft)

    page = opened(organizer, "preview", draft)

    assert "noch nicht öffentlich" not in page.everything
    assert "Anmeldung geschlossen" in page.everything


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """The statements that were sent."""
    sent: list[str] = []
    engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("endpoint", ["manage", "edit_programme", "edit_groups", "edit_places", "edit_texts"])
def test_lists_ask_the_same_whatever_their_length(
    organizer: Visitor, draft: Conference, statements: list[str], endpoint: str
) -> None:
    opened(organizer, endpoint, draft)
    statements.clear()
    opened(organizer, endpoint, draft)
    few = len(statements)
    for number in range(30):
        make.group(draft, title=f"Gruppe {number}")
    programme.reorder(draft, [item.id for item in draft.agenda])
    for number in range(20):
        programme.add(
            draft,
            {
                "kind": AgendaKind.OTHER,
                "title": f"Punkt {number}",
                "speaker_role": "",
                "starts_at": draft.starts_at + timedelta(minutes=40 + number),
                "ends_at": draft.starts_at + timedelta(minutes=41 + number),
                "room_id": None,
            },
        )
    statements.clear()

    opened(organizer, endpoint, draft)

    assert len(statements) == few
