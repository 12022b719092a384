"""A page that was open for a while undoes nothing that was changed since: the second one is told, and sees both."""

from __future__ import annotations

from sqlalchemy import select

from app.database import db
from app.domain import households, questions, secrets, seen_groups
from app.models import (
    Conference,
    ContactChannel,
    Participant,
    QuestionKind,
    Registration,
    RegistrationEvent,
    StaffRole,
)
from tests import make
from tests.blueprints.signup.test_household_own import holder, where
from tests.blueprints.signup.test_own_details import OPTIONS, question
from tests.browse import Form, Page, visit, words
from tests.visitor import Visitor

CHANGED = "Während Sie geschrieben haben, hat jemand anderes dieselben Angaben geändert."


def opened(client: Visitor, conference: Conference, page: str) -> Form:
    return visit(client, f"signup.change_{page}", **where(conference)).form()


def stored(page: Page) -> list[str]:
    """What the page says is stored now."""
    heading = next((each for each in page.all("h2") if words(each) == "Jetzt gespeichert"), None)
    if heading is None:
        return []
    inside = list(page.one("main").iter())
    here = next(each for each in inside[inside.index(heading) :] if each.tag == "ul")
    return [words(item) for item in here.iter("li")]


def reached(registration: Registration) -> tuple[str, str, str]:
    db.session.expire_all()
    return (
        registration.contact_channel.value,
        secrets.decrypt(registration.contact),
        registration.language,
    )


def notes(registration: Registration) -> int:
    return len(db.session.scalars(select(RegistrationEvent).filter_by(registration_id=registration.id)).all())


def test_an_old_page_overwrites_no_newer_contact(client: Visitor) -> None:
    conference = make.conference(capacity=5)
    household = holder(client, conference, contact_channel=ContactChannel.EMAIL, contact="alt@post.example")
    old = opened(client, conference, "contact")
    newer = opened(client, conference, "contact")
    newer.send(contact_channel="phone", phone="02000 123", status=302)

    page = old.send(email="eigen@post.example", status=422)

    assert reached(household) == ("phone", "02000 123", "de")
    assert CHANGED in page.errors()[""]
    assert stored(page) == [
        "Wie sollen wir Sie erreichen?: Telefon",
        "Ihre E-Mail-Adresse: (leer)",
        "Ihre Telefonnummer: 02000 123",
    ]
    form = page.form()
    assert (form.values["contact_channel"], form.values["email"]) == ("email", "eigen@post.example")
    form.send(status=302)
    assert reached(household) == ("email", "eigen@post.example", "de")


def test_the_same_contact_sent_twice_is_no_conflict(client: Visitor) -> None:
    conference = make.conference(capacity=5)
    household = holder(client, conference, contact_channel=ContactChannel.EMAIL, contact="alt@post.example")
    form = opened(client, conference, "contact")

    form.send(email="neu@post.example", status=302)
    once = notes(household)
    form.send(email="neu@post.example", status=302)

    assert (reached(household), notes(household)) == (("email", "neu@post.example", "de"), once)


def test_an_old_page_overwrites_no_newer_answers(client: Visitor) -> None:
    conference = make.conference(capacity=5)
    household = holder(client, conference)
    way = question(conference, QuestionKind.SINGLE, "Wie kommen Sie?", 1, options=OPTIONS)
    wish = question(conference, QuestionKind.TEXT, "Was wünschen Sie sich?", 2)
    old = opened(client, conference, "answers")
    questions.change_answers(household, {way.id: "rad"})

    page = old.send({f"question-{wish.id}": "Bänke", f"question-{way.id}": "bus"}, status=422)

    assert questions.answers_of(household) == {way.id: "rad"}
    assert CHANGED in page.errors()[""]
    assert stored(page) == ["Wie kommen Sie?: mit dem Rad", "Was wünschen Sie sich?: (leer)"]
    form = page.form()
    form.send(status=302)
    assert questions.answers_of(household) == {way.id: "bus", wish.id: "Bänke"}
    form.send(status=302)
    assert notes(household) == 3


def seats(registration: Registration) -> list[list[int]]:
    """Numbers of the groups of each person, round after round."""
    db.session.expire_all()
    return [
        [
            seat.group_round.group.number
            for seat in sorted(person.live_seats, key=lambda each: each.round_number)
        ]
        for person in registration.participants
    ]


def staff_move(person: Participant, number: int, to: object) -> None:
    households.change_groups(
        person.registration,
        {person.id: {number: to}},
        by=make.staff_member(StaffRole.ORGANIZER, person.registration.conference.host),
    )


def test_an_old_page_does_not_take_back_what_staff_have_changed(client: Visitor) -> None:
    conference = make.conference()
    first, second, third = (make.group(conference, rounds=2, title=f"AG {name}") for name in "ABC")
    household = holder(client, conference, first.rounds[0], first.rounds[1], people=2)
    old = opened(client, conference, "groups")
    staff_move(household.participants[0], 1, second.rounds[0])

    page = old.send(round_2="3", status=422)

    assert seats(household) == [[2, 1], [1, 1]]
    assert CHANGED in page.errors()[""]
    assert [line.rpartition(": ")[2] for line in stored(page)] == ["AG B"]
    form = page.form()
    # What was not touched takes over what is stored; who took the same stays where they are.
    other = household.participants[1].id
    assert (form.values["round_1"], form.values["round_2"]) == ("2", "3")
    assert (form.values[f"p{other}_round_1"], form.values[f"p{other}_round_2"]) == ("1", "")
    form.send(status=302)
    assert seats(household) == [[2, 3], [1, 3]]
    assert third.rounds[1].seats_taken == 2


def test_the_same_groups_sent_twice_are_no_conflict(client: Visitor) -> None:
    conference = make.conference()
    first, _second = make.group(conference), make.group(conference)
    household = holder(client, conference, first.rounds[0])
    form = opened(client, conference, "groups")

    form.send(round_1="2", status=302)
    form.send(round_1="2", status=302)

    assert seats(household) == [[2]]


def test_what_a_page_has_shown_is_read_without_trust(client: Visitor) -> None:
    conference = make.conference()
    first, _second = make.group(conference), make.group(conference)
    household = holder(client, conference, first.rounds[0])
    form = opened(client, conference, "groups")
    person = household.participants[0].id

    refused = form.send(round_1="2", shown=f"{person}.1.999 x 5", status=422)

    assert CHANGED in refused.errors()[""]
    assert seen_groups.standing(household, {1}) == {(person, 1): first.rounds[0].id}
    refused.form().send(status=302)
    assert seats(household) == [[2]]
