"""Pages of staff that are sent twice, or after somebody else has changed the same registration."""

from __future__ import annotations

from sqlalchemy import func, select

from app.database import db
from app.domain import households
from app.models import Conference, EventKind, Host, RegistrationEvent, SeatState, StaffRole
from tests import make
from tests.blueprints.signup.desk import page_of
from tests.blueprints.signup.test_manage_one import field_of, groups_of
from tests.browse import visit, words
from tests.visitor import Visitor


def test_adding_a_person_twice_adds_one(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference)
    form = page_of(staff_client, registration, "add_person_for").form()

    form.send(name="Bo", status=302)
    second = form.send(name="Bo", status=422)

    assert [person.name for person in registration.participants] == ["", "Bo"]
    assert second.errors()[""].startswith("Inzwischen hat sich etwas geändert.")
    # Somebody else of the same name does come along.
    second.form().send(status=302)
    db.session.refresh(registration)
    assert [person.name for person in registration.participants] == ["", "Bo", "Bo"]


def test_a_stale_page_takes_nothing_back_and_says_what_is_stored(
    staff_client: Visitor, conference: Conference
) -> None:
    first, second, third = (
        make.group(conference, title=title).rounds[0] for title in ("Wohnen", "Verkehr", "Sport")
    )
    registration = make.registered(conference, first, people=2)[0]
    form = groups_of(page_of(staff_client, registration))
    ones, others = registration.participants
    households.change_groups(registration, {ones.id: {1: second}})

    page = form.send({field_of(registration, person=1): str(third.id)}, status=422)

    assert [person.live_seats[0].group_round_id for person in (ones, others)] == [second.id, first.id]
    errors = page.errors()
    assert errors.pop("").startswith("Während Sie geschrieben haben, hat jemand anderes")
    number = second.group.number
    assert errors == {
        field_of(
            registration
        ): f"Inzwischen geändert: vorher „{first.group.number}. Wohnen“, jetzt „{number}. Verkehr“."
    }
    # Both stand there, and sending it once more keeps what the household has chosen.
    again = groups_of(page)
    assert (again.values[field_of(registration)], again.values[field_of(registration, person=1)]) == (
        str(second.id),
        str(third.id),
    )
    again.send(status=302)
    db.session.expire_all()
    assert [person.live_seats[0].group_round_id for person in (ones, others)] == [second.id, third.id]


def test_two_who_change_the_same_place_see_both(staff_client: Visitor, conference: Conference) -> None:
    first, second, third = (
        make.group(conference, title=title).rounds[0] for title in ("Wohnen", "Verkehr", "Sport")
    )
    registration = make.registration(conference, first)
    form = groups_of(page_of(staff_client, registration))
    form.send({field_of(registration): str(second.id)}, status=302)

    page = form.send({field_of(registration): str(third.id)}, status=422)

    assert page.errors()[field_of(registration)] == (
        f"Inzwischen geändert: Gespeichert ist „{second.group.number}. Verkehr“. "
        "Gewählt haben Sie, was hier steht."
    )
    assert groups_of(page).values[field_of(registration)] == str(third.id)


def test_the_same_groups_sent_twice_change_nothing(staff_client: Visitor, conference: Conference) -> None:
    first, second = make.group_round(conference), make.group_round(conference)
    registration = make.registration(conference, first)
    form = groups_of(page_of(staff_client, registration))

    form.send({field_of(registration): str(second.id)}, status=302)
    form.send({field_of(registration): str(second.id)}, status=302)

    assert [seat.group_round_id for seat in registration.participants[0].live_seats] == [second.id]


def test_two_who_correct_the_details_see_both(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference, name="Paula")
    form = page_of(staff_client, registration, "correct").form()
    form.send(display_name="Paul", status=302)

    page = form.send(display_name="Pauline", status=422)

    assert page.errors()[""].startswith("Während Sie geschrieben haben")
    beside = [[words(cell) for cell in row] for row in page.one("tbody").iter("tr")]
    assert beside == [["Name", "Pauline", "Paul"]]
    db.session.expire_all()
    assert registration.display_name == "Paul"
    page.form().send(status=302)
    db.session.expire_all()
    assert registration.display_name == "Pauline"


def test_the_same_details_sent_twice_are_noted_once(staff_client: Visitor, conference: Conference) -> None:
    registration = make.registration(conference, name="Paula")
    form = page_of(staff_client, registration, "correct").form()

    form.send(display_name="Paul", status=302)
    form.send(display_name="Paul", status=302)

    noted = select(func.count()).where(
        RegistrationEvent.registration_id == registration.id, RegistrationEvent.kind == EventKind.CHANGED
    )
    assert db.session.scalar(noted) == 1


def test_rubbish_in_the_note_of_what_was_shown_is_told(staff_client: Visitor, conference: Conference) -> None:
    first, second = make.group_round(conference), make.group_round(conference)
    registration = make.registration(conference, first)

    page = groups_of(page_of(staff_client, registration)).send(
        {field_of(registration): str(second.id), "shown": "1.2.3 x " + "9" * 3000}, status=422
    )

    assert page.errors()[""].startswith("Während Sie geschrieben haben")
    assert [seat.group_round_id for seat in registration.participants[0].live_seats] == [first.id]


def test_helpers_pass_nobody_by(client: Visitor, conference: Conference, host: Host) -> None:
    full = make.group(conference, capacity=0).rounds[0]
    conference_full = make.conference(host, key="voll", capacity=0)
    waiting = make.registration(conference_full)
    registration = make.registration(conference, full)
    make.sign_in(client, make.staff_member(StaffRole.HELPER, host))
    page = page_of(client, registration)

    form = groups_of(page)
    assert "override" not in form.values
    client.post(page.address, data={**form.values, "override": "Ich will es"})
    new = visit(client, "signup.register_by_phone", host="beispiel", conference="konferenz")
    place = {"host": "beispiel", "conference": "voll", "registration": waiting.id}
    visit(client, "signup.let_in", **place, status=403)

    assert "override" not in new.form().values
    assert "Ohne Warten aufnehmen" not in visit(client, "signup.registration", **place).text
    assert [seat.state for seat in registration.participants[0].live_seats] == [SeatState.WAITING]
