"""The desk: several people, what they need, answer and agree to, as said on the telephone or written on paper."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.domain import questions
from app.domain.queries import places
from app.domain.support import Wanted
from app.models import (
    Conference,
    Consent,
    ConsentMethod,
    GroupChoice,
    NeedKind,
    Registration,
    StaffMember,
)
from tests import make
from tests.blueprints.signup.desk import ask_everything, new
from tests.visitor import Visitor


def the_one() -> Registration:
    return db.session.scalars(select(Registration)).one()


def people(registration: Registration) -> list[tuple[str, int | None]]:
    return [(person.name, person.age) for person in registration.participants]


def groups(registration: Registration) -> list[list[int]]:
    return [
        [seat.group_round.group.number for seat in person.live_seats] for person in registration.participants
    ]


def needs(registration: Registration) -> list[list[Wanted]]:
    found = places.needs_of(registration.participants)
    return [[need.wanted for need in found.get(person.id, [])] for person in registration.participants]


@pytest.mark.parametrize("ages", ["4, 7", "4 7", "4 und 7", "4;7", "4,7"])
def test_household_is_told_by_numbers_alone(staff_client: Visitor, conference: Conference, ages: str) -> None:
    group_round = make.group_round(conference)

    new(staff_client).form().send(
        display_name="Ayşe",
        contact_channel="none",
        adults="2",
        ages=ages,
        round_1=str(group_round.id),
        status=302,
    )

    assert people(the_one()) == [("Ayşe", None), ("", None), ("", 4), ("", 7)]
    assert groups(the_one()) == [[1], [1], [1], [1]]
    db.session.refresh(conference)
    assert conference.places_taken == 4


def test_household_of_one_child_alone_has_no_name_but_a_contact(
    staff_client: Visitor, conference: Conference
) -> None:
    new(staff_client).form().send(
        display_name="Jugendhaus", contact_channel="none", adults="0", ages="15", status=302
    )

    assert people(the_one()) == [("", 15)]
    assert the_one().display_name == "Jugendhaus"


def test_fields_for_each_person_come_when_asked_for_and_keep_what_was_typed(
    staff_client: Visitor, conference: Conference
) -> None:
    ask_everything(conference)
    first, second = make.group_round(conference), make.group_round(conference)
    typed = {"display_name": "Ayşe", "contact_channel": "none", "adults": "2", "ages": "4, 7"}

    page = new(staff_client).form().send({**typed, "round_1": str(first.id)}, people="1", status=200)

    assert {name: page.form().values[name] for name in typed} == typed
    assert "Person 3, Kind von 4 Jahren" in page.text
    page.form().send(
        {
            "e2_name": "Ali",
            "e2_round_1": str(second.id),
            "e2_needs": "wheelchair",
            "k1_round_1": "keine",
            "needs": "interpreting",
            "needs-interpreting": "ar",
        },
        people=None,
        status=302,
    )
    assert people(the_one()) == [("Ayşe", None), ("Ali", None), ("", 4), ("", 7)]
    assert groups(the_one()) == [[1], [2], [], [1]]
    assert needs(the_one()) == [
        [Wanted(NeedKind.INTERPRETING, "ar")],
        [Wanted(NeedKind.WHEELCHAIR)],
        [],
        [],
    ]


def test_children_who_are_looked_after_take_no_seat_in_a_group(
    staff_client: Visitor, conference: Conference
) -> None:
    ask_everything(conference)
    group_round = make.group_round(conference)

    new(staff_client).form().send(
        contact_channel="none", ages="4, 7", childcare="y", round_1=str(group_round.id), status=302
    )

    assert groups(the_one()) == [[1], [], []]
    assert needs(the_one()) == [[], [Wanted(NeedKind.CHILDCARE)], [Wanted(NeedKind.CHILDCARE)]]


def test_wishes_of_a_household_are_those_of_the_first_person_but_where_one_differs(
    staff_client: Visitor, conference: Conference
) -> None:
    first, second, third = (make.group_round(conference) for _ in range(3))
    with transaction():
        conference.group_choice = GroupChoice.WISHES
    typed = {"contact_channel": "none", "adults": "3", "wants_together": "y"}
    page = new(staff_client).form().send(typed, people="1", status=200)

    page.form().send(
        {
            "wish_1_1": str(first.id),
            "wish_1_2": str(second.id),
            "e2_wish_1_1": str(third.id),
            "e3_wish_1_1": "keine",
        },
        people=None,
        status=302,
    )

    registration = the_one()
    found = places.wishes_of(registration)
    assert [[wish.group_round_id for wish in found.get(one.id, [])] for one in registration.participants] == [
        [first.id, second.id],
        [third.id],
        [],
    ]
    assert registration.wants_together is True


@pytest.mark.parametrize(
    ("channel", "method"), [("phone", ConsentMethod.ORAL), ("paper", ConsentMethod.PAPER)]
)
def test_answers_and_consents_are_those_of_the_person_and_staff_only_note_them(
    staff_client: Visitor,
    conference: Conference,
    organizer: StaffMember,
    channel: str,
    method: ConsentMethod,
) -> None:
    question, text = ask_everything(conference)
    form = new(staff_client).form()
    assert "consent_photo_press" not in form.values

    form.send(
        {
            "contact_channel": "none",
            "channel": channel,
            f"question-{question.id}": "Bänke",
            **form.box("consent_photo_press"),
        },
        status=302,
    )

    registration = the_one()
    consent = db.session.scalars(select(Consent)).one()
    assert questions.answers_of(registration) == {question.id: "Bänke"}
    assert (consent.consent_text_id, consent.method, consent.noted_by_id) == (text.id, method, organizer.id)
    assert registration.created_by_id == organizer.id


def test_question_that_must_be_answered_stands_open_and_says_so(
    staff_client: Visitor, conference: Conference
) -> None:
    question, _text = ask_everything(conference, is_required=True)
    page = new(staff_client)
    assert "1 Frage zur Konferenz, 1 muss beantwortet werden" in page.text

    page = page.form().send(contact_channel="none", display_name="Paul", status=422)

    assert page.errors() == {f"question-{question.id}": "Bitte beantworten Sie diese Frage."}
    assert page.form().values["display_name"] == "Paul"


def test_support_nobody_offers_is_not_accepted(staff_client: Visitor, conference: Conference) -> None:
    make.support_offers(conference, NeedKind.WHEELCHAIR)

    page = new(staff_client).form().send(contact_channel="none", needs="diet", status=422)

    assert list(page.errors()) == ["needs-0"]
    assert db.session.scalar(select(Registration)) is None
