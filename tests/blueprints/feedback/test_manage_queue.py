"""The queue: shelves, search, pages, age, and several published at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.domain import contributions, moderation
from app.domain.queries import moderation as read
from app.models import Conference, ContributionStatus, RejectionReason, ReportReason
from tests import make
from tests.blueprints.feedback.desk import Desk, fresh
from tests.browse import Page, words
from tests.counting import statements
from tests.domain.queries.test_moderation import many
from tests.visitor import Visitor


@pytest.fixture
def desk(client: Visitor, conference: Conference) -> Desk:
    return Desk(client, conference)


def rows(page: Page) -> list[str]:
    """The words of each contribution in the list."""
    return [words(cell) for cell in page.one("main").iter("th") if cell.get("scope") == "row"]


def test_queue_without_anything_says_what_comes_here(desk: Desk) -> None:
    page = desk.open("queue")

    assert page.h1 == "Beiträge"
    assert "Öffentlich wird nichts, bevor Sie entscheiden." in page.text
    assert page.response.headers["Cache-Control"] == "no-store"


def test_queue_names_number_and_age_and_warns_after_a_week(
    client: Visitor, conference: Conference, clock: time_machine.Traveller
) -> None:
    make.said(conference, "Alt")
    clock.shift(timedelta(days=7))
    make.said(conference, "Neu")
    desk = Desk(client, conference)

    page = desk.open("queue")

    assert "2 Beiträge warten auf eine Entscheidung. Der älteste wartet seit 7 Tagen." in page.text
    assert rows(page) == ["Alt", "Neu"]
    assert page.all("div", class_="notice--warning")


def test_queue_shows_each_shelf_with_its_number(desk: Desk, conference: Conference) -> None:
    original = make.published(conference, "Original")
    moderation.mark_duplicate(make.said(conference, "Gleich")[0], original.number or 0)
    moderation.forward(make.said(conference, "Schlagloch")[0], "Tiefbauamt")
    moderation.reject(make.said(conference, "Unsinn")[0], RejectionReason.OFF_TOPIC, "Bitte anders.")
    contributions.report(original, ReportReason.INSULT, "", submission="meldung")

    page = desk.open("queue")
    links = page.links()

    assert [name for name in links if name.endswith(")")] == [
        "warten auf Entscheidung (0)",
        "von Lesenden gemeldet (1)",
        "veröffentlicht (1)",
        "gleiche Beiträge (1)",
        "nicht veröffentlicht (1)",
        "weitergeleitet (1)",
        "zurückgezogen (0)",
    ]
    assert rows(desk.open("queue", stand="gemeldet")) == ["Nr. 1: Original 1 Meldung"]
    assert "zählt bei einem gleichen Beitrag mit bei Nr. 1" in desk.open("queue", stand="gleich").text
    assert "Tiefbauamt" in desk.open("queue", stand="weitergeleitet").text
    assert "gehört nicht zur Konferenz" in desk.open("queue", stand="abgelehnt").text
    assert "Hier liegt nichts" in desk.open("queue", stand="zurueckgezogen").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "bänke"}, ["Mehr Bänke"]),
        ({"q": "nichts"}, []),
        ({"q": "<b>"}, []),
        ({"q": "x" * 10_000}, []),
        ({"stand": "gibt-es-nicht"}, ["Mehr Bänke"]),
        ({"seite": "99"}, ["Mehr Bänke"]),
        ({"seite": "x"}, ["Mehr Bänke"]),
    ],
)
def test_queue_finds_what_is_asked_for(
    desk: Desk, conference: Conference, query: dict[str, str], found: list[str]
) -> None:
    make.said(conference, "Mehr Bänke")

    assert rows(desk.open("queue", **query)) == found


def test_a_code_opens_what_it_belongs_to_and_stands_in_no_address(desk: Desk, conference: Conference) -> None:
    contribution, code = make.said(conference)
    _foreign, other_code = make.said(make.conference(conference.host))
    place = desk.address("find_by_code")

    answer = desk.open("queue").form(place).send(code=code.replace("-", " ").upper())

    assert (answer.response.status_code, answer.location) == (
        303,
        desk.address("moderate", contribution=contribution.id),
    )
    for wrong in (other_code, "a-b-c-1"):
        refused = desk.open("queue").form(place).send(code=wrong)
        assert refused.location == desk.address("queue")
        refused.follow()
    assert "Nach jedem falschen Code" in desk.open("queue").form(place).send(code="a-b-c-2").follow().text
    assert "Nichts gefunden" in desk.open("queue", q=code).text


def test_queue_marks_what_needs_a_second_look(desk: Desk, conference: Conference) -> None:
    make.said(conference, "Herr Müller ist gemein")

    assert rows(desk.open("queue")) == ["Herr Müller ist gemein Bitte ein zweiter Blick"]


def test_queue_shows_fifty_a_page(desk: Desk, conference: Conference) -> None:
    many(conference, 51)

    first, second = desk.open("queue"), desk.open("queue", seite=2)

    assert (len(rows(first)), len(rows(second))) == (50, 1)
    assert "51 Beiträge, Seite 2 von 2" in second.text


@pytest.mark.parametrize("count", [1, 3, 1000])
def test_queue_takes_the_same_number_of_statements(desk: Desk, conference: Conference, count: int) -> None:
    many(conference, count)
    address = desk.address("queue")
    with statements() as sent:
        assert desk.client.get(address).status_code == 200

    assert len(sent) == 6


def test_publish_several_publishes_what_is_ticked_one_decision_each(
    desk: Desk, conference: Conference
) -> None:
    first, second, third = (make.said(conference, text)[0] for text in "ABC")
    form = desk.open("queue").form(desk.address("publish_several"))
    ticks = [f"{each.id}.{moderation.seen(each)}" for each in (first, third)]

    answer = form.send({"chosen": ticks})

    assert "2 Beiträge sind veröffentlicht." in answer.follow().text
    assert [fresh(each).status.value for each in (first, second, third)] == [
        "published",
        "received",
        "published",
    ]
    steps = [read.history(each) for each in (first, third)]
    assert [[(step.note, step.staff_member_id) for step in held] for held in steps] == [
        [("mit anderen zusammen veröffentlicht", desk.member.id)]
    ] * 2


def test_what_can_be_ticked_stands_there_whole_with_its_name(desk: Desk, conference: Conference) -> None:
    short = make.said(conference, "Wort " * 80 + "am Ende", name="Herr Beispiel")[0]
    long = make.said(conference, "Wort " * 90 + "am Schluss")[0]

    page = desk.open("queue")

    text = page.response.text
    assert f'value="{short.id}.' in text
    assert "am Ende" in text
    assert any("Name dazu: Herr Beispiel" in row for row in rows(page))
    assert f'value="{long.id}.' not in text
    assert "am Schluss" not in text
    assert text.count("zum Lesen öffnen") == 1


def test_publish_several_leaves_what_was_changed_meanwhile(desk: Desk, conference: Conference) -> None:
    changed, same = make.said(conference, "Alt")[0], make.said(conference, "Gleich")[0]
    form = desk.open("queue").form(desk.address("publish_several"))
    ticks = [f"{each.id}.{moderation.seen(each)}" for each in (changed, same)]
    contributions.change(changed, contributions.Words("Neu: Herr Müller"))

    text = form.send({"chosen": ticks}).follow().text

    assert "1 Beitrag ist veröffentlicht." in text
    assert "1 Beitrag hat sich inzwischen geändert und ist nicht veröffentlicht." in text
    assert fresh(changed).status is ContributionStatus.RECEIVED


@pytest.mark.parametrize("chosen", [[], ["x"], ["."], ["9" * 30 + ".a"], ["-1.a"]])
def test_publish_several_of_nothing_says_so(desk: Desk, conference: Conference, chosen: list[str]) -> None:
    make.said(conference)
    form = desk.open("queue").form(desk.address("publish_several"))

    assert "Es war nichts angekreuzt." in form.send({"chosen": chosen}).follow().text


def test_publish_several_takes_nothing_of_another_conference(desk: Desk, conference: Conference) -> None:
    make.said(conference)
    foreign = make.said(make.conference(make.host()))[0]
    form = desk.open("queue").form(desk.address("publish_several"))

    form.send({"chosen": [f"{foreign.id}.{moderation.seen(foreign)}"]})

    assert fresh(foreign).status is ContributionStatus.RECEIVED


def test_publish_several_without_its_token_publishes_nothing(
    desk: Desk, conference: Conference, guarded: object
) -> None:
    contribution = make.said(conference)[0]
    desk.client.post(
        desk.address("publish_several"), data={"chosen": f"{contribution.id}.{moderation.seen(contribution)}"}
    )

    assert fresh(contribution).status is ContributionStatus.RECEIVED
