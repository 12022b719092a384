"""The list of registrations narrowed down: as many statements for many as for few, and no word about needs."""

from __future__ import annotations

import pytest

from app.database import transaction
from app.domain import registrations, support
from app.models import Conference, NeedKind
from tests import counting, make
from tests.blueprints.signup.desk import names, open_list, options
from tests.visitor import Visitor


@pytest.mark.parametrize(
    "filters",
    [
        {"stand": "waitlisted"},
        {"stand": "waiting", "gruppe": "{group}"},
        {"stand": "seated", "weg": "web"},
        {"stand": "calls"},
        {"stand": "cancelled", "q": "Person"},
        {"q": "Person 1", "seite": "2"},
    ],
    ids=["queue", "group-queue", "seated", "calls", "cancelled", "text"],
)
def test_narrowing_takes_the_same_number_of_statements(
    staff_client: Visitor, conference: Conference, filters: dict[str, str]
) -> None:
    with transaction():
        conference.capacity = 2
    group_round = make.group_round(conference, capacity=1)
    query = {name: value.format(group=group_round.id) for name, value in filters.items()}
    counts = []
    for size in (3, 60):
        for number in range(size):
            make.registration(conference, group_round, name=f"Person {number}")
        with counting.statements() as sent:
            open_list(staff_client, **query)
        counts.append(len(sent))

    assert counts[0] == counts[1]


def test_the_queue_is_listed_in_its_order(staff_client: Visitor, conference: Conference) -> None:
    with transaction():
        conference.capacity = 1
    for name in ("Zoe", "Max", "Anna", "Bo"):
        make.registration(conference, name=name)

    assert names(open_list(staff_client, stand="waitlisted")) == ["Max", "Anna", "Bo"]


def test_nobody_is_found_by_what_they_need(staff_client: Visitor, conference: Conference) -> None:
    make.support_offers(conference, NeedKind.WHEELCHAIR)
    make.household(conference, registrations.Person(name="Bo", needs=[support.Wanted(NeedKind.WHEELCHAIR)]))

    page = open_list(staff_client)

    assert [word for word in options(page, "stand") if "Rollstuhl" in word] == []
    assert "Rollstuhl" not in page.text
    assert names(open_list(staff_client, q="Rollstuhl")) == []
