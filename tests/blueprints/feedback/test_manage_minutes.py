"""Minutes on the desk: what is missing, written down, taken away."""

from __future__ import annotations

import pytest

from app.domain import minutes
from app.models import Conference, WorkingGroup
from tests import make, results
from tests.blueprints.feedback.desk import Desk
from tests.browse import Page, words
from tests.visitor import Visitor


@pytest.fixture
def desk(client: Visitor, conference: Conference) -> Desk:
    return Desk(client, conference)


@pytest.fixture
def group(conference: Conference) -> WorkingGroup:
    return make.group(conference, rounds=2, title="Wohnen")


def rows(page: Page) -> list[str]:
    return [words(row) for row in page.one("tbody").iter("tr")]


def test_minutes_without_groups_lead_to_them(desk: Desk) -> None:
    assert "Arbeitsgruppen anlegen" in desk.open("edit_minutes").links()


def test_minutes_list_every_group_and_round_with_what_is_missing(desk: Desk, group: WorkingGroup) -> None:
    minutes.save(group, 1, {"participants": 7, "main_points": "A\nB", "signed_off": True})

    page = desk.open("edit_minutes")

    assert "1 von 2 sind vollständig." in page.text
    assert rows(page) == ["AG 1: Wohnen, Runde 1 7 2 ja", "AG 1: Wohnen, Runde 2 fehlt fehlt fehlt"]


def test_minutes_are_saved_and_changed(desk: Desk, group: WorkingGroup) -> None:
    page = desk.open("edit_minutes_of", number=1, round_number=2)
    assert "Protokoll entfernen" not in page.links()

    after = (
        page.form()
        .send(participants="0", main_points="Kleine Wohnungen fehlen.\r\n", signed_off="y")
        .follow()
    )

    assert "Das Protokoll ist gespeichert." in after.text
    assert rows(after)[1] == "AG 1: Wohnen, Runde 2 0 1 ja"
    page = desk.open("edit_minutes_of", number=1, round_number=2)
    assert page.form().values["main_points"].strip() == "Kleine Wohnungen fehlen."
    assert "Protokoll entfernen" in page.links()


@pytest.mark.parametrize("participants", ["-1", "viele", "9" * 30])
def test_minutes_with_a_mistake_keep_what_was_typed(
    desk: Desk, group: WorkingGroup, participants: str
) -> None:
    form = desk.open("edit_minutes_of", number=1, round_number=1).form()

    page = form.send(participants=participants, main_points="A", status=422)

    assert page.errors().keys() == {"participants"}
    assert page.form().values["participants"] == participants
    assert minutes.of(group, 1) is None


def test_minutes_changed_by_somebody_else_show_both(desk: Desk, group: WorkingGroup) -> None:
    form = desk.open("edit_minutes_of", number=1, round_number=1).form()
    minutes.save(group, 1, {"participants": 7, "main_points": "Von ihr", "signed_off": False})

    page = form.send(participants="9", main_points="Von ihm", status=422)

    assert "Von ihm Von ihr" in page.text
    page.form().send(status=303)
    assert minutes.values(group, 1)["participants"] == 9


def test_minutes_of_a_round_without_the_group_do_not_exist(desk: Desk, group: WorkingGroup) -> None:
    desk.open("edit_minutes_of", number=1, round_number=3, status=404)
    desk.open("remove_minutes", number=1, round_number=3, status=404)


def test_minutes_are_removed_after_a_question(desk: Desk, group: WorkingGroup) -> None:
    minutes.save(group, 1, {"participants": 7, "main_points": "A", "signed_off": True})

    page = desk.open("remove_minutes", number=1, round_number=1)
    assert minutes.of(group, 1) is not None
    page.form().send(status=303)

    assert minutes.of(group, 1) is None


def test_minutes_a_recommendation_rests_on_stay(
    desk: Desk, conference: Conference, group: WorkingGroup
) -> None:
    kept = minutes.save(group, 1, {"participants": 7, "main_points": "A", "signed_off": True})
    results.recommendation(conference, kept, title="Bauen")

    page = desk.open("remove_minutes", number=1, round_number=1).form().send(status=422)

    assert "Eine Empfehlung stützt sich auf dieses Protokoll." in page.errors()[""]
    assert minutes.of(group, 1) == kept
