"""Staff change the wishes of a household; a page that was open all along takes nothing back."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.database import db, transaction
from app.domain import households, registrations, wishes
from app.models import (
    Conference,
    EventKind,
    GroupChoice,
    Registration,
    RegistrationEvent,
    StaffMember,
    StaffRole,
)
from tests import make
from tests.blueprints.signup.test_own_registration_groups import enter
from tests.browse import Page, visit
from tests.domain.allocation import town


@pytest.fixture
def conference(app: Any) -> Conference:
    return town.conference([5, 5, 5])


@pytest.fixture
def member(conference: Conference) -> StaffMember:
    return make.staff_member(StaffRole.ORGANIZER, conference.host)


@pytest.fixture
def staff(client: FlaskClient, member: StaffMember) -> FlaskClient:
    make.sign_in(client, member)
    return client


def opened(staff: FlaskClient, registration: Registration) -> Page:
    at = registration.conference
    return visit(staff, f"/verwaltung/{at.host.key}/{at.key}/anmeldungen/{registration.id}/wuensche")


def named(registration: Registration) -> list[list[int]]:
    """The numbers of the groups each person wishes in round 1."""
    db.session.expire_all()
    numbers = {group.rounds[0].id: group.number for group in registration.conference.groups}
    return [
        [numbers[round_id] for round_id in wishes.of(person).get(1, [])]
        for person in registration.participants
    ]


def ids(conference: Conference, *numbers: int) -> list[int]:
    return [conference.groups[number - 1].rounds[0].id for number in numbers]


def test_staff_change_wishes_and_the_history_says_who(
    staff: FlaskClient, conference: Conference, member: StaffMember
) -> None:
    home = town.wishing(conference, [1, 2], [1, 2], [3])
    own = [f"p{person.id}_" for person in home.participants]
    page = opened(staff, home)
    values = page.form().values
    assert [values[name] for name in ("wish_1_1", "wish_1_2", f"{own[1]}wish_1_1", f"{own[2]}wish_1_1")] == [
        "1",
        "2",
        "",
        "3",
    ]
    assert "dieselben Wünsche wie Person 1" in page.text

    done = page.form().send({f"{own[2]}wish_1_1": "keine"}, wish_1_1="3", wants_together="y", status=302)

    assert "Die Wünsche sind gespeichert." in done.follow().text
    assert (named(home), home.wants_together) == ([[3, 2], [3, 2], []], True)
    event = db.session.query(RegistrationEvent).filter_by(kind=EventKind.CHANGED).one()
    assert (event.registration_id, event.by_id) == (home.id, member.id)


def test_sending_the_same_twice_changes_once(staff: FlaskClient, conference: Conference) -> None:
    home = town.wishing(conference, [1])
    form = opened(staff, home).form()

    form.send(wish_1_1="2", status=302)
    form.send(wish_1_1="2", status=302)

    assert named(home) == [[2]]
    assert db.session.query(RegistrationEvent).filter_by(kind=EventKind.CHANGED).count() == 1


def test_an_old_page_of_staff_takes_back_nothing_until_it_is_sent_again(
    staff: FlaskClient, conference: Conference
) -> None:
    home = town.wishing(conference, [1])
    form = opened(staff, home).form()
    households.change_wishes(home, {home.participants[0].id: {1: ids(conference, 3)}}, together=False)

    page = form.send(wish_1_2="2", status=422)

    assert named(home) == [[3]]
    assert "Diese Wünsche hat inzwischen jemand geändert." in page.text
    assert "Jetzt gespeichert Runde 1, Wunsch 1: Gruppe 3" in page.text
    page.form().send(status=302)
    assert named(home) == [[1, 2]]


def test_an_old_page_of_a_resident_takes_back_nothing(client: FlaskClient, conference: Conference) -> None:
    registration, code = make.registered(conference)
    with transaction():
        wishes.save(registration.participants[0], {1: ids(conference, 1)})
    enter(client, conference.host, code)
    where = {"host": conference.host.key, "conference": conference.key}
    form = visit(client, "signup.change_groups", **where).form()
    households.change_wishes(
        registration, {registration.participants[0].id: {1: ids(conference, 3)}}, together=False
    )

    page = form.send(wish_1_1="2", status=422)

    assert named(registration) == [[3]]
    assert "Jetzt gespeichert Runde 1, Wunsch 1: Gruppe 3" in page.text


def test_the_same_group_twice_is_refused_at_its_field(staff: FlaskClient, conference: Conference) -> None:
    home = town.wishing(conference, [1])

    page = opened(staff, home).form().send(wish_1_2="1", status=422)

    assert list(page.errors()) == ["wish_1_2"]
    assert named(home) == [[1]]


def test_where_there_are_no_wishes_the_page_says_why(staff: FlaskClient, conference: Conference) -> None:
    over = town.wishing(conference, [1])
    registrations.cancel(over)
    assert "Wünsche hat sie keine mehr." in opened(staff, over).text

    with transaction():
        conference.group_choice = GroupChoice.DIRECT
    page = opened(staff, over)
    assert "wählen alle ihre Gruppe selbst" in page.text


def test_the_page_of_the_registration_leads_there(staff: FlaskClient, conference: Conference) -> None:
    home = town.wishing(conference, [1])
    address = f"/verwaltung/{conference.host.key}/{conference.key}/anmeldungen/{home.id}"

    assert visit(staff, address).all("a", href=f"{address}/wuensche") != []
    with transaction():
        conference.group_choice = GroupChoice.DIRECT
    assert visit(staff, address).all("a", href=f"{address}/wuensche") == []
