"""Exporting a conference that was made wholly in the application, and whatever text people may have put into it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import yaml
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import demo
from app.database import db, metadata, transaction
from app.domain import (
    contributions,
    evidence,
    exporting,
    hosts,
    importing,
    moderation,
    registrations,
    taking_back,
)
from app.domain.contributions import Words
from app.domain.exporting import yaml_text
from app.domain.importing.reading import read
from app.domain.registrations import Details
from app.models import (
    Conference,
    ContactChannel,
    Contribution,
    ContributionKind,
    Host,
    Minutes,
    Recommendation,
    RecommendationStatus,
    Registration,
    RejectionReason,
    RoleGroup,
    StatusUpdate,
    Topic,
    Translated,
    TranslatedBy,
)
from tests import make
from tests.visitor import Visitor

HOSTILE = [
    "<script>alert('x')</script> {{ 7*7 }} %s '); DROP TABLE seat;--",
    '=HYPERLINK("https://x.example";"klick")',
    "\u202eמרחבا\u200f \u2066umgedreht\u2069 سلام",
    "👩🏽‍🦽 👨‍👩‍👧‍👦 ☔ \U0001f1e9\U0001f1ea",
    *(
        "no",
        "on",
        "1e3",
        "07:30",
        "null",
        "~",
        "true",
        "0x1F",
        "2023-05-25",
        "1_000",
        ".5",
        "-",
        "- a",
        "? b",
    ),
    *("a: b", "a #b", "#b", "*x", "&x", "!x", "%x", "@x", "`x", "[x", "{x", "]x", "|", ">", '"', "'", "\\n"),
    "  Leerzeichen davor",
    "eins\nzwei\n\n  drei",
    "\n\nerst leer",
    "am Ende leer \nweiter",
    "\tTabulator\nweiter",
    "---\n...\nschema: x",
    "letzte Zeile\n",
    "zwei leere\n\n\n",
    "NEL\x85LS\u2028PS\u2029BOM\ufeff",
    "é e\u0301 ﬁ ß ẞ ı İ",
]


def empty() -> None:
    with transaction():
        for table in reversed(metadata.sorted_tables):
            db.session.execute(table.delete())


def text_of(conference: Conference, **options: Any) -> str:
    return exporting.conference(conference, **options).text


def the_conference() -> Conference:
    return db.session.scalars(select(Conference)).one()


def moved(conference: Conference, **options: Any) -> str:
    """Export, empty the database, import; returns the text, which is the same when it is exported again."""
    text = text_of(conference, **options)
    empty()
    importing.conference_from("x.yaml", text.encode())
    assert text_of(the_conference(), **options) == text
    return text


@pytest.fixture
def town(app: Flask) -> Conference:
    """A conference in which everything has happened, all of it in the application."""
    host = make.host("musterstadt", phone_hours=Translated({"de": "Mo", "ar": "الاثنين"}))
    conference = make.conference(
        host,
        key="nord",
        venue_id=make.venue(host).id,
        starts_at=make.at("2026-01-13 16:00"),
        contributions_open_at=make.at("2025-12-01 08:30"),
        registration_opens_at=make.at("2025-12-01 23:00"),
        capacity=40,
    )
    housing, _ = make.two_groups_in_two_rounds(conference)
    with transaction():
        # A point of the programme lies before the rounds, and the conference has a number of its own for each group.
        topic = Topic(
            host_id=host.id,
            conference_id=conference.id,
            key="thema-1",
            number=4,
            position=1,
            title=Translated({"de": "Miete", "ar": "الإيجار"}),
            working_group_id=housing.id,
        )
        minutes = Minutes(
            host_id=host.id,
            conference_id=conference.id,
            working_group_id=housing.id,
            round_number=2,
            main_points="Erstens\nZweitens",
            signed_off=True,
        )
        db.session.add_all([topic, minutes])
        db.session.flush()
    voices = [_voice(conference, f"Stimme {number}", str(number)) for number in range(6)]
    for voice in voices[:4]:
        moderation.publish(voice)
    moderation.arrange(voices[0], topic_id=topic.id, working_group_id=housing.id)
    moderation.translate(voices[1], "Auf Deutsch", TranslatedBy.MACHINE, reviewed=True)
    moderation.answer(voices[1], "Eine Antwort")
    moderation.mark_duplicate(voices[3], voices[0].number or 0)
    moderation.reject(voices[4], RejectionReason.OFF_TOPIC, "Danke.")
    with transaction():
        recommendation = Recommendation(
            host_id=host.id,
            conference_id=conference.id,
            key="empfehlung-1",
            number=3,
            title="Mieten",
            need="Es fehlt",
            status=RecommendationStatus.DRAFTED,
            is_public=True,
        )
        db.session.add(recommendation)
        conference.last_recommendation_number = recommendation.number
        db.session.flush()
        for status, day in ((RecommendationStatus.COLLECTED, 1), (RecommendationStatus.DRAFTED, 2)):
            recommendation.history.append(
                StatusUpdate(
                    host_id=host.id,
                    conference_id=conference.id,
                    status=status,
                    happened_on=date(2026, 2, day),
                    decided_by="Rat" if day == 2 else "",
                )
            )
    evidence.add(
        recommendation,
        contribution_ids=[voices[0].id, voices[2].id],
        topic_ids=[topic.id],
        minutes_ids=[minutes.id],
    )
    taking_back.withdraw(voices[2])
    registrations.register(
        conference,
        Details(
            RoleGroup.RESIDENT,
            display_name="Jemand",
            contact_channel=ContactChannel.EMAIL,
            contact="jemand@post.example",
        ),
        [registrations.Person(groups={1: housing.rounds[0].id})],
        submission="a" * 32,
        by=make.staff_member(),
    )
    for mark in "bc":
        registrations.register(
            conference,
            Details(RoleGroup.POLITICS),
            [registrations.Person(groups={1: housing.rounds[0].id})],
            submission=mark * 32,
            by=make.staff_member(),
        )
    return the_conference()


def _voice(conference: Conference, text: str, submission: str) -> Contribution:
    words = Words(text, ContributionKind.NEED, language="tr", display_name="Nachbarin")
    found, _ = contributions.hand_in(conference, words, submission=submission * 8, by_staff=True)
    return found


def pages(client: Visitor) -> dict[str, str]:
    """What residents see of the conference."""
    places = (
        *("", "beitraege", "beitraege/1", "beitraege/2", "beitraege/3", "beitraege/4", "beitraege/5"),
        *("ergebnisse", "ergebnisse/3", "arbeitsgruppen/1"),
    )
    answers = {place: client.get(f"/musterstadt/nord/{place}") for place in places}
    # The address of the colours carries the version of the host, which rises with every change of its settings.
    return {
        place: re.sub(r"farben\.css\?v=\d+", "farben.css", f"{answer.status_code} {answer.text}")
        for place, answer in answers.items()
    }


def test_conference_of_the_application_has_the_same_pages_after_export_and_import(
    town: Conference, client: Visitor
) -> None:
    before = pages(client)
    assert "Stimme 1" in before["beitraege/2"]
    assert len({page for page in before.values() if page.startswith("200 ")}) >= 6

    moved(town)

    assert pages(client) == before


def test_export_says_codes_nowhere_and_contacts_only_when_asked(town: Conference) -> None:
    digests = [
        *db.session.scalars(select(Registration.code_digest)),
        *db.session.scalars(select(Contribution.code_digest).where(Contribution.code_digest.is_not(None))),
    ]

    plain, whole = text_of(town), text_of(town, with_contacts=True)

    assert len(digests) > 5
    assert not [mark for mark in digests if mark in whole]
    assert "jemand@post.example" not in plain
    assert read("x", plain.encode()).value["registrations"][0]["contact"] == {"type": "email"}
    assert read("x", whole.encode()).value["registrations"][0]["contact"] == {
        "type": "email",
        "value": "jemand@post.example",
    }
    assert "Stimme 2" not in whole


def test_export_over_the_same_conference_changes_and_doubles_nothing(town: Conference) -> None:
    text = text_of(town)
    whole = text_of(town, with_contacts=True)
    persons = the_conference().places_taken

    importing.conference_from("x.yaml", text.encode())

    assert text_of(the_conference(), with_contacts=True) == whole
    assert the_conference().places_taken == persons
    assert len(list(db.session.scalars(select(Contribution)))) == 6


def test_file_that_names_no_contributions_of_the_application_leaves_them(town: Conference) -> None:
    importing.conference_from("x.yaml", text_of(town).encode())
    tree = read("x.yaml", text_of(the_conference()).encode()).value
    for name in ("contributions", "registrations", "recommendations"):
        tree[name] = []

    importing.conference_from("x.yaml", yaml_text.dump(tree).encode())

    assert len(list(db.session.scalars(select(Contribution)))) == 6
    assert len(list(db.session.scalars(select(Registration)))) == 3


def test_logo_lies_beside_the_export(town: Conference, tmp_path: Any) -> None:
    picture = (demo.FOLDER / "rheine-logo.png").read_bytes()
    hosts.set_logo(db.session.scalars(select(Host)).one(), "Stadt: Logo?.png", picture)

    exported = exporting.conference(the_conference())

    assert exported.logo is not None
    assert read("x", exported.text.encode()).value["municipality"]["logo"] == exported.logo[0]
    (tmp_path / exported.logo[0]).write_bytes(exported.logo[1])
    assert importing.check("x.yaml", exported.text.encode(), tmp_path) == []
    assert "logo" not in exporting.conference(the_conference(), with_logo=False).text


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_any_text_survives_export_and_import(app: Flask, number: int) -> None:
    hostile = HOSTILE[number]
    conference = make.conference(key="x", title=Translated({"de": "x", "ar": hostile.replace("\n", " ")}))
    with transaction():
        conference.about = Translated({"de": hostile or "x"})
    voice = _voice(conference, hostile, "s")
    moderation.publish(voice)
    moderation.answer(voice, hostile)
    stored = (dict(conference.title), dict(conference.about), voice.text, voice.answer)

    moved(conference)

    found, voice = the_conference(), db.session.scalars(select(Contribution)).one()
    assert (dict(found.title), dict(found.about), voice.text, voice.answer) == stored


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(HOSTILE)
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**13), 10**13) | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.from_regex(r"\A[a-z][a-z0-9_]{0,8}\Z") | st.just("no"), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=st.dictionaries(st.from_regex(r"\A[a-z]{1,6}\Z"), trees, min_size=1, max_size=4))
def test_dumped_tree_reads_back_as_it_was(tree: dict[str, Any]) -> None:
    text = yaml_text.dump(tree)

    assert read("x.yaml", text.encode()).value == _clean(tree)
    # Another reader of YAML understands the same, but for the words it takes for something else.
    assert isinstance(yaml.safe_load(text), dict)


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _clean(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    return yaml_text._clean(value) if isinstance(value, str) else value
