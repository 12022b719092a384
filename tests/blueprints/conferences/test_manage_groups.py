"""Working groups: their texts, order and seats."""

from __future__ import annotations

import pytest

from app.database import db
from app.domain import groups, lifecycle, programme, venues
from app.models import AgendaKind, Conference, WorkingGroup
from tests import make
from tests.blueprints.conferences.conftest import START, Open
from tests.browse import words
from tests.visitor import Visitor

ORDER = "/verwaltung/stadt/konferenz/gruppen/reihenfolge"


def add(conference: Conference, title: str, capacity: int = 5) -> WorkingGroup:
    return groups.add(conference, {"title": title}, capacity=capacity)


def listed(conference: Conference) -> list[tuple[int, str]]:
    db.session.expire_all()
    return [(group.number, str(group.title)) for group in conference.groups]


def with_rounds(conference: Conference, count: int) -> None:
    for number in range(count):
        programme.add(
            conference,
            {
                "kind": AgendaKind.GROUP_ROUND,
                "title": f"Runde {number + 1}",
                "speaker_role": "",
                "starts_at": START.replace(hour=15 + number),
                "ends_at": START.replace(hour=15 + number, minute=45),
                "room_id": None,
            },
        )


def test_add_group_saves_all_of_it(opened: Open, conference: Conference) -> None:
    house = venues.add(conference.host, {"name": "Haus"}, rooms=["Saal"])
    conference.venue_id = house.id
    db.session.commit()
    with_rounds(conference, 2)

    answer = (
        opened("add_group")
        .form()
        .send(
            {
                "title": "Wohnen",
                "description": "Mieten und Bauen",
                "questions": "Was fehlt?\nWas ist gut?",
                "facilitator_role": "Sozialplanung",
                "capacity": "8",
                "room": str(house.rooms[0].id),
                "interpreter_languages": ["tr", "ar"],
            }
        )
    )

    assert "AG 1: Wohnen 0 von 16 Plätzen vergeben · 2 Runden · Saal" in answer.follow().text
    (group,) = conference.groups
    assert (group.number, group.key, group.interpreter_languages) == (1, "ag1", ["tr", "ar"])
    assert str(group.questions) == "Was fehlt?\nWas ist gut?"
    assert [(held.number, held.capacity) for held in group.rounds] == [(1, 8), (2, 8)]


def test_add_group_with_mistakes_keeps_what_was_typed(opened: Open, conference: Conference) -> None:
    page = (
        opened("add_group")
        .form()
        .send(
            {
                "title": "",
                "questions": "x" * 2001,
                "capacity": "",
                "room": "4711",
                "interpreter_languages": ["xx"],
            },
            status=422,
        )
    )

    assert page.errors() == {
        "title": "Bitte geben Sie ein Thema ein.",
        "questions": "Das ist zu lang: 2001 Zeichen. Möglich sind höchstens 2000. Bitte kürzen Sie den Text.",
        "room": "Bitte wählen Sie etwas aus der Liste.",
        "interpreter_languages-0": "Bitte wählen Sie etwas aus der Liste.",
        "capacity": "Bitte füllen Sie dieses Feld aus.",
    }
    assert page.form().values["questions"] == "x" * 2001


def test_edit_group_keeps_languages_a_file_brought(opened: Open, conference: Conference) -> None:
    group = add(conference, "Wohnen")
    group.interpreter_languages = ["vi"]
    db.session.commit()

    page = opened("edit_group", group=group.id)
    page.form().send(title="Wohnen und Leben", status=303)

    assert page.h1 == "Arbeitsgruppe 1 ändern"
    assert (str(group.title), group.interpreter_languages) == ("Wohnen und Leben", ["vi"])


def test_edit_group_of_two_people_shows_both(opened: Open, conference: Conference) -> None:
    group = add(conference, "Wohnen")
    form = opened("edit_group", group=group.id).form()
    groups.edit(group, {"title": "Vom Kollegium"})

    page = form.send(title="Von mir", status=422)

    assert [words(row) for row in page.one("section", aria_labelledby="nebeneinander").iter("tr")][1:] == [
        "Thema Von mir Vom Kollegium"
    ]


def test_edit_groups_says_whether_numbers_follow_the_order(opened: Open, conference: Conference) -> None:
    for title in ("A", "B"):
        add(conference, title)
    second = conference.groups[1].id
    assert "solange die Konferenz ein Entwurf ist" in opened("edit_groups").text

    opened("edit_groups").form(ORDER).send(move=f"up:{second}", status=303)
    assert listed(conference) == [(1, "B"), (2, "A")]
    lifecycle.publish(conference)
    page = opened("edit_groups")
    assert "Die Nummern bleiben" in page.text
    page.form(ORDER).send(move=f"down:{second}", status=303)

    assert listed(conference) == [(2, "A"), (1, "B")]


def test_order_with_a_foreign_id_changes_nothing(
    opened: Open, organizer: Visitor, conference: Conference
) -> None:
    mine = add(conference, "A")
    foreign = make.group(make.conference())

    answer = organizer.post(ORDER, data={"order": f"{foreign.id},{mine.id}"})

    assert answer.status_code == 303
    assert "Die Liste hat sich inzwischen geändert." in opened("edit_groups").text
    assert listed(conference) == [(1, "A")]


def test_empty_list_offers_the_first_group(opened: Open) -> None:
    address = "/verwaltung/stadt/konferenz/gruppen/neu"

    assert opened("edit_groups").links()["Erste Gruppe anlegen"] == address
    assert opened("edit_places").links()["Erste Gruppe anlegen"] == address


def test_remove_group_asks_and_removes(opened: Open, conference: Conference) -> None:
    group = add(conference, "A")
    add(conference, "B")

    answer = opened("remove_group", group=group.id).form().send()

    assert "„A“ ist entfernt." in answer.follow().text
    assert listed(conference) == [(1, "B")]


def test_remove_group_with_people_is_refused(opened: Open, conference: Conference) -> None:
    group = add(conference, "Wohnen")
    lifecycle.publish(conference)
    make.registration(conference, group.rounds[0])

    page = opened("remove_group", group=group.id).form().send(status=422)

    assert page.errors()[""].startswith("In „Wohnen“ haben schon Menschen Plätze")
    assert listed(conference) == [(1, "Wohnen")]


def test_edit_places_lets_people_move_up_and_says_so(opened: Open, conference: Conference) -> None:
    group = add(conference, "Wohnen", capacity=1)
    lifecycle.publish(conference)
    for _ in range(3):
        make.registration(conference, group.rounds[0])
    page = opened("edit_places")

    assert "1 vergeben, 2 warten" in page.text
    answer = page.form().send({f"places-{group.id}-1": "3"}).follow()

    assert "2 Personen sind von der Warteliste nachgerückt." in answer.text
    assert "3 vergeben" in answer.text
    assert (group.rounds[0].seats_taken, group.rounds[0].waiting) == (3, 0)


def test_edit_places_shows_each_round_and_its_time(opened: Open, conference: Conference) -> None:
    with_rounds(conference, 2)
    group = add(conference, "Wohnen")
    groups.set_places(conference, {(group.id, 2): None})

    page = opened("edit_places")

    assert [words(head) for head in page.all("th", scope="col")] == [
        "Arbeitsgruppe",
        "Runde 1 17:00–17:45",
        "Runde 2 18:00–18:45",
    ]
    page.form().send({f"places-{group.id}-1": "", f"places-{group.id}-2": "9"}, status=303)
    assert [(held.number, held.capacity) for held in group.rounds] == [(2, 9)]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (
            "1",
            "2 Plätze sind schon vergeben. Die Zahl der Plätze kann nicht kleiner sein. "
            "Sagen Sie erst jemandem ab oder wählen Sie mindestens 2.",
        ),
        ("viele", "Das ist keine ganze Zahl. Zum Beispiel: 12"),
        ("-3", "Bitte geben Sie eine Zahl von 0 bis 10000 ein."),
    ],
)
def test_edit_places_says_at_the_cell_what_does_not_fit(
    opened: Open, conference: Conference, value: str, sentence: str
) -> None:
    group = add(conference, "Wohnen")
    lifecycle.publish(conference)
    for _ in range(2):
        make.registration(conference, group.rounds[0])
    field = f"places-{group.id}-1"

    page = opened("edit_places").form().send({field: value}, status=422)

    assert page.errors() == {field: sentence}
    assert page.form().values[field] == value
    assert group.rounds[0].capacity == 5


def test_edit_places_needs_one_round_for_each_group(opened: Open, conference: Conference) -> None:
    group = add(conference, "Wohnen")

    page = opened("edit_places").form().send({f"places-{group.id}-1": ""}, status=422)

    assert page.errors() == {"": "„Wohnen“ braucht mindestens eine Runde mit einer Zahl von Plätzen."}


def test_edit_places_of_two_people_shows_both(opened: Open, conference: Conference) -> None:
    group = add(conference, "Wohnen")
    form = opened("edit_places").form()
    groups.set_places(conference, {(group.id, 1): 6})

    page = form.send({f"places-{group.id}-1": "7"}, status=422)

    assert [words(row) for row in page.one("section", aria_labelledby="nebeneinander").iter("tr")][1:] == [
        "Plätze in „Wohnen“, Runde 1 7 6"
    ]
    page.form().send(status=303)
    assert group.rounds[0].capacity == 7


def test_edit_places_when_a_group_came_meanwhile_keeps_it(opened: Open, conference: Conference) -> None:
    group = add(conference, "Wohnen")
    form = opened("edit_places").form()
    other = add(conference, "Jugend")

    page = form.send({f"places-{group.id}-1": "7"}, status=422)

    assert f"places-{other.id}-1" in page.form().values
    assert group.rounds[0].capacity == 5
