"""What awaits a decision, what comes next, and what says much the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from app.database import db, transaction
from app.domain import contributions, moderation, taking_back
from app.domain.queries import moderation as read
from app.domain.queries.moderation import Shelf
from app.models import Conference, Contribution, RejectionReason, ReportReason, TranslatedBy
from tests import make
from tests.counting import statements


@pytest.fixture
def conference(app: Flask, clock: object) -> Conference:
    return make.conference()


def texts(found: read.Queue) -> list[str | None]:
    return [line.contribution.text for line in found.lines]


def one_of_each(at: Conference) -> None:
    """A contribution on every shelf."""
    make.said(at, "Offen")
    moderation.review(make.said(at, "In Prüfung")[0])
    original = make.published(at, "Original")
    contributions.report(original, ReportReason.OTHER, "", submission="meldung")
    moderation.mark_duplicate(make.said(at, "Gleich")[0], original.number or 0)
    moderation.reject(make.said(at, "Abgelehnt")[0], RejectionReason.INSULT, "Bitte anders.")
    moderation.forward(make.said(at, "Weitergeleitet")[0], "Tiefbauamt")
    taking_back.withdraw(make.said(at, "Zurückgezogen")[0])


def test_every_shelf_holds_its_own(conference: Conference) -> None:
    one_of_each(conference)
    make.said(make.conference(conference.host), "Anderswo")

    found = {shelf: sorted(map(str, texts(read.queue(conference, shelf)))) for shelf in Shelf}

    assert found == {
        Shelf.UNDECIDED: ["In Prüfung", "Offen"],
        Shelf.REPORTED: ["Original"],
        Shelf.PUBLISHED: ["Original"],
        Shelf.DUPLICATE: ["Gleich"],
        Shelf.REJECTED: ["Abgelehnt"],
        Shelf.FORWARDED: ["Weitergeleitet"],
        Shelf.WITHDRAWN: ["None"],
    }
    assert read.queue(conference).counts == {shelf: len(held) for shelf, held in found.items()}


def test_the_oldest_day_comes_first_and_has_its_age(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    make.said(conference, "Alt")
    clock.shift(timedelta(days=6))
    make.said(conference, "Neu")
    early = read.queue(conference)
    clock.shift(timedelta(days=1))

    late = read.queue(conference)

    assert (texts(late), late.oldest, late.oldest_days) == (["Alt", "Neu"], date(2026, 3, 2), 7)
    assert [(line.days, line.is_late) for line in late.lines] == [(7, True), (1, False)]
    assert not early.lines[0].is_late
    assert read.waiting([conference.host_id]) == {conference.id: (2, date(2026, 3, 2))}


def test_an_empty_queue_has_no_age(conference: Conference) -> None:
    found = read.queue(conference)

    assert (found.lines, found.oldest, found.oldest_days, found.pages) == ([], None, 0, 1)
    assert read.waiting([conference.host_id]) == {}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("BÄNKE", ["Mehr Bänke"]),
        ("banke mehr", ["Mehr Bänke"]),
        ("gölge", ["Gölge"]),
        ("schatten", ["Gölge"]),
        ("%", []),
        ("nichts", []),
    ],
)
def test_search_looks_into_what_nobody_else_can_search(
    conference: Conference, query: str, found: list[str]
) -> None:
    make.said(conference, "Mehr Bänke")
    moderation.translate(make.said(conference, "Gölge", language="tr")[0], "Schatten")

    assert texts(read.queue(conference, text=query)) == found


def test_search_finds_by_number(conference: Conference) -> None:
    make.published(conference, "Eins")
    make.published(conference, "Zwei")

    assert texts(read.queue(conference, Shelf.PUBLISHED, text=" 2 ")) == ["Zwei"]


def many(at: Conference, count: int) -> None:
    with transaction():
        db.session.add_all(
            Contribution(
                host_id=at.host_id,
                conference_id=at.id,
                kind="idea",
                channel="card",
                text=f"Beitrag {number}",
                received_on=date(2026, 1, 1) + timedelta(days=number % 28),
            )
            for number in range(count)
        )


@pytest.mark.parametrize("text", ["", "beitrag"], ids=["all", "searched"])
@pytest.mark.parametrize("count", [1, 3, 1000])
def test_queue_takes_the_same_number_of_statements(conference: Conference, count: int, text: str) -> None:
    many(conference, count)
    conference = db.session.get_one(Conference, conference.id)
    conference.id  # noqa: B018 - loaded before anything is counted

    with statements() as sent:
        found = read.queue(conference, text=text, page=2)

    assert (found.found, len(found.lines)) == (count, min(50, count))
    assert len(sent) == (4 if text else 3)
    days = [line.contribution.received_on for line in found.lines]
    assert days == sorted(days)


def test_the_next_one_comes_after_it_and_then_from_the_start(
    conference: Conference, clock: time_machine.Traveller
) -> None:
    first = make.said(conference, "Eins")[0]
    clock.shift(timedelta(days=1))
    second = make.said(conference, "Zwei")[0]
    clock.shift(timedelta(days=1))
    third = make.said(conference, "Drei")[0]
    make.published(conference, "Entschieden")

    assert [read.next_undecided(each) for each in (first, second, third)] == [second.id, third.id, first.id]
    moderation.publish(second)
    assert read.next_undecided(second) == third.id
    moderation.publish(third)
    assert read.next_undecided(first) is None


def test_history_tells_the_latest_decision_first(conference: Conference) -> None:
    member = make.staff_member(of=conference.host)
    contribution = make.said(conference)[0]
    moderation.review(contribution, by=member)
    moderation.publish(contribution)

    assert [(step.status.value, bool(step.staff_member)) for step in read.history(contribution)] == [
        ("published", False),
        ("in_review", True),
    ]


def test_offices_used_before_at_the_host_come_by_how_often(conference: Conference) -> None:
    other = make.conference(conference.host)
    elsewhere = make.conference()
    for at, office in (
        (conference, "Ordnungsamt"),
        (conference, "Tiefbauamt"),
        (other, "Tiefbauamt"),
        (elsewhere, "Jugendamt"),
    ):
        moderation.forward(make.said(at)[0], office)

    assert read.offices(conference.host_id) == ["Tiefbauamt", "Ordnungsamt"]


def test_reported_counts_contributions_nobody_has_looked_at(conference: Conference) -> None:
    first, second = make.published(conference, "A"), make.published(conference, "B")
    for number, contribution in enumerate((first, first, second)):
        contributions.report(contribution, ReportReason.OTHER, "", submission=f"meldung-{number}")

    assert read.reported([conference.host_id]) == {conference.id: 2}
    moderation.handle_reports(first)
    assert read.reported([conference.host_id]) == {conference.id: 1}
    assert [bool(report.handled_at) for report in read.reports(first)] == [True, True]


# --- What says much the same -----------------------------------------------------------------------------------------


def alike(contribution: Contribution) -> list[int]:
    return [other.number for other in read.alike(contribution)]


def test_alike_finds_what_shares_rare_words(conference: Conference) -> None:
    for text in (
        "Der Spielplatz braucht Schatten.",
        "Der Bus fährt zu selten, das ist schade.",
        "Wir brauchen mehr Ärzte in der Stadt.",
        "Am Spielplatz ist im Sommer kein Schatten und es ist heiß.",
    ):
        make.published(conference, text)

    found = alike(make.said(conference, "Schatten für den Spielplatz, bitte!")[0])

    assert sorted(found) == [1, 4]


def test_alike_leaves_out_itself_what_is_hidden_and_twins(conference: Conference) -> None:
    original = make.published(conference, "Schatten am Spielplatz")
    make.said(conference, "Schatten am Spielplatz")
    twin = make.said(conference, "Schatten am Spielplatz")[0]
    moderation.mark_duplicate(twin, 1)
    make.published(make.conference(conference.host), "Schatten am Spielplatz")

    assert alike(original) == []
    assert alike(twin) == [1]


def test_alike_never_crosses_languages_by_itself(conference: Conference) -> None:
    make.published(conference, "Spielplatz Schatten", language="de")
    foreign = make.published(conference, "Spielplatz Schatten", language="tr")
    moderation.translate(foreign, "Spielplatz Schatten", TranslatedBy.MACHINE, reviewed=False)

    assert alike(make.said(conference, "Spielplatz Schatten", language="nl")[0]) == []
    assert alike(make.said(conference, "Spielplatz Schatten", language="de")[0]) == [1]
    assert alike(make.said(conference, "Spielplatz Schatten", language="tr")[0]) == [2]


def test_alike_crosses_languages_by_a_translation_somebody_has_read(conference: Conference) -> None:
    turkish = make.published(conference, "Oyun alanına gölge", language="tr")
    moderation.translate(turkish, "Schatten für den Spielplatz")
    make.published(conference, "Spielplatz mit Schatten")
    arabic = make.said(conference, "ظل في الملعب", language="ar")[0]

    assert alike(arabic) == []
    moderation.translate(arabic, "Schatten am Spielplatz")
    assert sorted(alike(arabic)) == [1, 2]
    assert sorted(alike(make.said(conference, "Schatten am Spielplatz")[0])) == [1, 2]


def test_alike_shows_few_and_needs_one_statement(conference: Conference) -> None:
    for number in range(8):
        make.published(conference, f"Schatten am Spielplatz Nummer {number}")
    contribution = make.said(conference, "Schatten am Spielplatz")[0]
    assert contribution.text

    with statements() as sent:
        found = read.alike(contribution)

    assert (len(found), len(sent)) == (read.MOST_ALIKE, 1)


def test_alike_of_what_is_withdrawn_is_nothing(conference: Conference) -> None:
    contribution = make.published(conference)
    taking_back.withdraw(contribution)

    assert alike(contribution) == []
