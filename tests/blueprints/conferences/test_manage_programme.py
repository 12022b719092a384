"""The programme: points and their order, without scripts and with them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.database import db
from app.domain import conferences, groups, lifecycle, programme, venues
from app.models import AgendaItem, AgendaKind, Conference
from tests import make
from tests.blueprints.conferences.conftest import START, Open
from tests.browse import Page, words
from tests.visitor import Visitor

ORDER = "/verwaltung/stadt/konferenz/ablauf/reihenfolge"


def add(
    conference: Conference, title: str, start: int, end: int, kind: AgendaKind = AgendaKind.INPUT
) -> AgendaItem:
    return programme.add(
        conference,
        {
            "kind": kind,
            "title": title,
            "speaker_role": "",
            "starts_at": START + timedelta(minutes=start),
            "ends_at": START + timedelta(minutes=end),
            "room_id": None,
        },
    )


def listed(page: Page) -> list[str]:
    return [words(item) for item in page.all("li", class_="sortable__item")]


def times(conference: Conference) -> list[tuple[str, int, int]]:
    return [
        (
            str(item.title),
            (item.starts_at - START) // timedelta(minutes=1),
            (item.ends_at - START) // timedelta(minutes=1),
        )
        for item in conference.agenda
    ]


def test_edit_programme_lists_time_kind_and_room(opened: Open, conference: Conference) -> None:
    house = venues.add(conference.host, {"name": "Haus"}, rooms=["Saal"])
    conferences.choose_venue(conference, house.id)
    item = add(conference, "Willkommen", 0, 10, AgendaKind.WELCOME)
    add(conference, "Reden", 10, 50, AgendaKind.GROUP_ROUND)
    add(conference, "Pause", 50, 60, AgendaKind.BREAK)
    item.room_id = house.rooms[0].id
    db.session.commit()

    page = opened("edit_programme")

    assert [words(text) for text in page.all("div", class_="sortable__text")] == [
        "Willkommen 17:00 bis 17:10 Uhr · Begrüßung · Saal",
        "Reden 17:10 bis 17:50 Uhr · Arbeitsgruppen, Runde 1",
        "Pause 17:50 bis 18:00 Uhr",
    ]


def test_empty_programme_offers_the_first_point(opened: Open) -> None:
    assert (
        opened("edit_programme").links()["Ersten Punkt eintragen"] == "/verwaltung/stadt/konferenz/ablauf/neu"
    )


def test_order_by_button_works_without_scripts(opened: Open, conference: Conference) -> None:
    first = add(conference, "A", 0, 30)
    add(conference, "B", 40, 50)

    page = opened("edit_programme").form(ORDER).send(move=f"down:{first.id}").follow()

    assert "Die Zeiten sind nachgerückt." in page.text
    assert times(conference) == [("B", 0, 10), ("A", 10, 40)]


def test_order_by_dragging_sends_all_ids(opened: Open, conference: Conference) -> None:
    items = [add(conference, title, start, start + 10) for title, start in (("A", 0), ("B", 10), ("C", 20))]
    wanted = ",".join(str(item.id) for item in reversed(items))

    page = opened("edit_programme").form(ORDER).send(order=wanted).follow()

    assert [item.get("data-id") for item in page.all("li", class_="sortable__item")] == wanted.split(",")
    assert [title for title, _, _ in times(conference)] == ["C", "B", "A"]


@pytest.mark.parametrize(
    "sent",
    [
        {"order": ""},
        {"order": "x,y"},
        {"order": "1,,2"},
        {"order": "-1"},
        {"order": "²"},
        {"order": "9" * 4000},
        {"order": "9" * 5000},
        {"move": "up:" + "9" * 5000},
        {},
        {"move": "up:4711"},
        {"move": "up:x"},
        {"move": "sideways:1"},
        {"move": "up"},
    ],
)
def test_order_that_makes_no_sense_changes_nothing(
    opened: Open, organizer: Visitor, conference: Conference, sent: dict[str, str]
) -> None:
    add(conference, "A", 0, 30)
    add(conference, "B", 40, 50)

    organizer.post(ORDER, data=sent)

    assert "Die Liste hat sich inzwischen geändert." in opened("edit_programme").text
    assert times(conference) == [("A", 0, 30), ("B", 40, 50)]


def test_add_item_begins_where_the_last_one_ends(opened: Open, conference: Conference) -> None:
    add(conference, "A", 0, 225)
    page = opened("add_item")

    assert (page.form().values["starts"], page.form().values["ends"]) == ("20:45", "21:00")
    answer = page.form().send(title="Abschluss", kind="closing", speaker_role="Sozialplanung")

    assert "Der Programmpunkt ist gespeichert." in answer.follow().text
    assert times(conference) == [("A", 0, 225), ("Abschluss", 225, 240)]
    assert str(conference.agenda[1].speaker_role) == "Sozialplanung"


def test_add_item_to_a_full_programme_leaves_the_times_open(opened: Open, conference: Conference) -> None:
    add(conference, "A", 0, 240)

    values = opened("add_item").form().values

    assert (values["starts"], values["ends"]) == ("", "")


def test_add_item_of_several_days_asks_for_the_day(opened: Open, conference: Conference) -> None:
    conferences.schedule(
        conference,
        {
            "starts_at": START,
            "ends_at": START + timedelta(days=1),
            "registration_opens_at": None,
            "registration_closes_at": None,
            "capacity": None,
            "walk_in_quota": 0,
        },
    )

    opened("add_item").form().send(
        title="Zweiter Tag", day="2026-05-08", starts="09:00", ends="10:00", status=303
    )

    assert times(conference) == [("Zweiter Tag", 16 * 60, 17 * 60)]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": ""}, "title", "Bitte geben Sie einen Titel ein."),
        ({"kind": "party"}, "kind", "Bitte wählen Sie etwas aus der Liste."),
        ({"room": "4711"}, "room", "Bitte wählen Sie etwas aus der Liste."),
        (
            {"starts": "16:00"},
            "starts",
            "Die Konferenz dauert von 17:00 bis 21:00 Uhr. Der Programmpunkt muss in dieser Zeit liegen.",
        ),
        (
            {"starts": "17:20"},
            "starts",
            "Zu dieser Zeit läuft schon „A“ (17:00 bis 17:30 Uhr). Bitte wählen Sie eine andere Zeit.",
        ),
        ({"starts": "18:30"}, "ends", "Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide Zeiten."),
    ],
)
def test_add_item_says_at_the_field_what_does_not_fit(
    opened: Open, conference: Conference, changes: dict[str, str], field: str, sentence: str
) -> None:
    add(conference, "A", 0, 30)
    form = opened("add_item").form()

    page = form.send({"title": "B", "starts": "17:30", "ends": "18:00", **changes}, status=422)

    assert page.errors() == {field: sentence}
    assert times(conference) == [("A", 0, 30)]


def test_edit_item_saves_and_two_people_are_told(opened: Open, conference: Conference) -> None:
    item = add(conference, "A", 0, 30)
    form = opened("edit_item", item=item.id).form()
    form.send(title="Meins", ends="17:45", status=303)
    assert times(conference) == [("Meins", 0, 45)]

    page = form.send(title="Anderes", status=422)

    assert "Jetzt gespeichert" in page.text
    assert times(conference) == [("Meins", 0, 45)]


def test_edit_item_that_somebody_removed_is_not_there(opened: Open, conference: Conference) -> None:
    item = add(conference, "A", 0, 30)
    form = opened("edit_item", item=item.id).form()
    programme.remove(item)

    assert form.send(title="Zu spät", status=404).h1 == "Diese Seite gibt es nicht"


def test_remove_item_asks_and_removes(opened: Open, conference: Conference) -> None:
    item = add(conference, "A", 0, 30)
    add(conference, "B", 30, 60)

    answer = opened("remove_item", item=item.id).form().send()

    assert "„A“ ist aus dem Programm genommen." in answer.follow().text
    assert times(conference) == [("B", 30, 60)]


def test_remove_item_with_people_in_its_round_is_refused(opened: Open, conference: Conference) -> None:
    item = add(conference, "Runde", 0, 30, AgendaKind.GROUP_ROUND)
    group = groups.add(conference, {"title": "Wohnen"}, capacity=5)
    lifecycle.publish(conference)
    make.registration(conference, group.rounds[0])

    page = opened("remove_item", item=item.id).form().send(status=422)

    assert page.errors()[""].startswith("In Runde 1 haben schon Menschen Plätze")
    assert times(conference) == [("Runde", 0, 30)]
