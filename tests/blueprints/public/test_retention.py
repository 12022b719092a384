"""The page of what is erased when: what is due, what comes, what was erased; looking erases nothing."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask

from app.database import now
from app.domain import retention
from app.models import Conference, StaffRole
from tests import erasing, make
from tests.browse import Page, visit, words
from tests.counting import statements
from tests.town import stored
from tests.visitor import Visitor


@pytest.fixture
def conference(clock: time_machine.Traveller, app: Flask) -> Conference:
    return erasing.conference()


@pytest.fixture
def leader(conference: Conference, client: Visitor) -> Visitor:
    make.sign_in(client, make.staff_member(StaffRole.HOST_ADMIN, conference.host))
    return client


def page(client: Visitor) -> Page:
    return visit(client, "public.retention", host="neustadt")


def tables(shown: Page) -> dict[str, list[list[str]]]:
    """The rows of each table, by its name."""
    return {
        frame.get("aria-label", ""): [
            [words(cell) for cell in row] for row in frame.iter("tr") if row.find("td") is not None
        ]
        for frame in shown.all(class_="table-frame")
    }


def test_before_anything_is_due_the_page_names_the_rules(leader: Visitor) -> None:
    shown = page(leader)

    assert shown.h1 == "Löschfristen"
    found = tables(shown)
    assert list(found) == ["Die Regeln"]
    assert len(found["Die Regeln"]) == len(retention.RULES)
    assert found["Die Regeln"][0] == [
        "Angaben zur Unterstützung",
        "14 Tage nach der Konferenz; nach einer Absage sofort, nach einem verfallenen Angebot in der Nacht darauf",
    ]
    assert "Noch kein Lauf." in shown.text


def test_what_is_due_and_what_comes_is_shown_and_nothing_is_erased(
    leader: Visitor, conference: Conference, clock: time_machine.Traveller
) -> None:
    erasing.household(conference)
    title = str(conference.title)
    erasing.go(clock, conference, 14)
    make.sign_in(leader, make.staff_member(StaffRole.HOST_ADMIN, conference.host))
    before = stored()

    found = tables(page(leader))

    assert found["In der nächsten Nacht fällig"] == [[title, "Angaben zur Unterstützung", "1"]]
    assert "In den nächsten 30 Tagen" not in found
    assert stored() == before
    erasing.go(clock, conference, 340)
    make.sign_in(leader, make.staff_member(StaffRole.HOST_ADMIN, conference.host))
    assert [row[1:] for row in tables(page(leader))["In den nächsten 30 Tagen"]] == [
        ["E-Mail-Adressen, Telefonnummern und Anschriften von Teilnehmenden", "1"],
        ["Reste von Nachrichten: Adressen, Inhalte, Fehlermeldungen", "1"],
        ["Namen, Einrichtungen und Codes von Teilnehmenden", "1"],
    ]


def test_what_was_erased_is_listed_by_night(
    leader: Visitor, conference: Conference, clock: time_machine.Traveller
) -> None:
    erasing.household(conference)
    erasing.go(clock, conference, 14)
    retention.run(conference.host, now())
    make.sign_in(leader, make.staff_member(StaffRole.HOST_ADMIN, conference.host))

    text = page(leader).text

    assert "zukunft: 1 × Angaben zur Unterstützung" in text
    assert "Zurzeit ist nichts fällig." in text


@pytest.mark.parametrize("role", [StaffRole.ORGANIZER, StaffRole.HELPER])
def test_only_who_leads_the_host_sees_it(conference: Conference, client: Visitor, role: StaffRole) -> None:
    make.sign_in(client, make.staff_member(role, conference.host))

    visit(client, "public.retention", host="neustadt", status=403)


def test_the_page_needs_as_many_statements_for_many(leader: Visitor, conference: Conference) -> None:
    counts = []
    for size in (1, 3, 30):
        for _ in range(size):
            erasing.household(conference)
        make.conference(conference.host)
        with statements() as sent:
            page(leader)
        counts.append(len(sent))

    assert len(set(counts)) == 1
