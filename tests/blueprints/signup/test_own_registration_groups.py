"""With a code: choose other groups, without ever losing a seat by it."""

from datetime import timedelta

from sqlalchemy import select

from app.database import db, transaction
from app.models import (
    ConferenceStatus,
    Message,
    MessageKind,
    SeatState,
)
from tests import make
from tests.browse import visit


def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


def enter(client, host, code, status=302):
    return visit(client, "signup.enter_code", host=host.key).form().send(code=code, status=status)


def holder(client, conference, *group_rounds, **options):
    """Somebody who has registered and shown the code in this browser."""
    registration, code = make.registered(conference, *group_rounds, **options)
    enter(client, conference.host, code)
    return registration


def states(registration):
    return {
        seat.group_round.group.number: seat.state
        for seat in registration.participants[0].seats
        if seat.state is not SeatState.RELEASED
    }


def test_changing_groups_keeps_what_is_not_touched(client):
    conference = make.conference()
    first, second = make.group(conference, rounds=2), make.group(conference, rounds=2)
    registration = holder(client, conference, first.rounds[0], second.rounds[1])
    form = visit(client, "signup.change_groups", **where(conference)).form()
    assert (form.values["round_1"], form.values["round_2"]) == ("1", "2")

    page = form.send(round_1="2", status=302).follow()

    assert "Gespeichert. Das sind jetzt Ihre Gruppen." in page.text
    held = [
        (seat.round_number, seat.group_round.group.number) for seat in registration.participants[0].live_seats
    ]
    assert held == [(1, 2), (2, 2)]


def test_a_full_group_is_offered_as_its_queue_and_the_seat_is_kept_meanwhile(client):
    conference = make.conference()
    mine, full = make.group(conference, title="Meine"), make.group(conference, capacity=1, title="Volle")
    make.registration(conference, full.rounds[0])
    registration = holder(client, conference, mine.rounds[0])
    page = visit(client, "signup.change_groups", **where(conference))
    assert "Meine Hier ist Ihr Platz sicher." in page.text
    assert "Volle voll: Sie kämen auf die Warteliste, dort steht noch niemand." in page.text
    assert "Ihren Platz in „Meine“ behalten Sie so lange." in page.text

    mine_page = page.form().send(round_1="2", status=302).follow()

    assert "Wo eine Gruppe voll ist, stehen Sie auf der Warteliste." in mine_page.text
    assert states(registration) == {1: SeatState.SEATED, 2: SeatState.WAITING}
    again = visit(client, "signup.change_groups", **where(conference))
    assert (
        "Sie stehen auf Platz 1 der Warteliste. Ihren Platz in „Meine“ behalten Sie so lange." in again.text
    )
    assert "Wenn Sie dabei bleiben, warten Sie nicht mehr auf „Volle“." in again.text
    assert again.form().values["round_1"] == "2"
    again.form().send(round_1="1", status=302)
    assert states(registration) == {1: SeatState.SEATED}


def test_a_group_with_a_free_seat_is_offered_as_a_swap(client):
    conference = make.conference()
    mine, other = make.group(conference, title="Meine"), make.group(conference, capacity=1, title="Andere")
    registration = holder(client, conference, mine.rounds[0])
    page = visit(client, "signup.change_groups", **where(conference))
    assert "Noch 1 Platz frei. Wenn Sie tauschen, wird Ihr Platz in „Meine“ frei." in page.text

    page.form().send(round_1="2", status=302)

    assert states(registration) == {2: SeatState.SEATED}
    assert (mine.rounds[0].seats_taken, other.rounds[0].seats_taken) == (0, 1)


def test_a_group_that_filled_meanwhile_costs_nobody_the_seat(client):
    conference = make.conference()
    mine, wanted = make.group(conference), make.group(conference, capacity=1, title="Begehrt")
    registration = holder(client, conference, mine.rounds[0])
    form = visit(client, "signup.change_groups", **where(conference)).form()
    make.registration(conference, wanted.rounds[0])

    page = form.send(round_1="2", status=302).follow()

    assert "Wo eine Gruppe voll ist, stehen Sie auf der Warteliste." in page.text
    assert "Gruppe 1 Platz sicher" in page.text
    assert "Begehrt Sie stehen auf Platz 1 der Warteliste" in page.text
    assert states(registration) == {1: SeatState.SEATED, 2: SeatState.WAITING}


def test_groups_at_the_same_time_are_refused_at_the_field_and_nothing_changes(client):
    conference = make.conference()
    first, second = make.group(conference, rounds=2), make.group(conference, rounds=2, title="Zweite")
    early, late = make.agenda_round(conference, 1), make.agenda_round(conference, 2)
    with transaction():
        late.starts_at = early.starts_at + timedelta(minutes=5)
        for group in (first, second):
            group.rounds[0].agenda_item_id, group.rounds[1].agenda_item_id = early.id, late.id
    registration = holder(client, conference, first.rounds[0])

    page = visit(client, "signup.change_groups", **where(conference)).form().send(round_2="2", status=422)

    assert "sind zur gleichen Zeit" in page.errors()["round_2-0"]
    assert page.form().values["round_2"] == "2"
    assert states(registration) == {1: SeatState.SEATED}


def test_a_round_the_form_did_not_show_stays_as_it_is(client):
    conference = make.conference()
    group = make.group(conference, rounds=2)
    registration = holder(client, conference, *group.rounds)

    visit(client, "signup.change_groups", **where(conference)).form().send(
        round_1="keine", round_2=None, status=302
    )

    assert [seat.round_number for seat in registration.participants[0].live_seats] == [2]


def test_giving_up_a_group_lets_the_next_one_in(client):
    conference = make.conference()
    group = make.group(conference, capacity=1)
    registration = holder(client, conference, group.rounds[0])
    waiting = make.registration(conference, group.rounds[0])

    visit(client, "signup.change_groups", **where(conference)).form().send(round_1="keine", status=302)

    assert states(registration) == {}
    assert states(waiting) == {1: SeatState.SEATED}


def test_changing_after_closing_keeps_what_was_chosen(client):
    conference = make.conference()
    make.group(conference)
    registration = holder(client, conference)
    form = visit(client, "signup.change_groups", **where(conference)).form()
    with transaction():
        conference.status = ConferenceStatus.REGISTRATION_CLOSED

    page = form.send(round_1="1", status=422)

    assert "Die Anmeldung ist geschlossen." in page.errors()[""]
    assert page.form().values["round_1"] == "1"
    assert states(registration) == {}


def test_a_link_to_another_group_chooses_it(client):
    conference = make.conference()
    make.group(conference)
    make.group(conference)
    holder(client, conference)

    page = visit(client, "signup.change_groups", gruppe=2, **where(conference))

    assert page.form().values["round_1"] == "2"


def test_a_conference_without_groups_says_so(client):
    conference = make.conference()
    holder(client, conference)

    assert (
        "gibt es noch keine Arbeitsgruppen" in visit(client, "signup.change_groups", **where(conference)).text
    )
    assert "Sie haben keine Gruppe gewählt." in visit(client, "signup.mine", **where(conference)).text


def test_telling_the_room_and_the_time_of_a_group(client, clock):
    conference = make.conference(starts_at=make.at("2026-05-21 15:00"))
    item = make.agenda_round(conference, 1)
    group = make.group(conference, title="Wohnen")
    with transaction():
        group.rounds[0].agenda_item_id = item.id
    holder(client, conference, group.rounds[0])

    assert "Runde 1, 17:30 bis 17:55 Uhr Wohnen" in visit(client, "signup.mine", **where(conference)).text


def test_changes_made_here_are_told_by_mail(client):
    conference = make.conference()
    make.group(conference)
    form = visit(client, "signup.register", **where(conference)).form()
    form.send(role_group="resident", contact_channel="email", email="a@b.de", status=302)

    visit(client, "signup.change_groups", **where(conference)).form().send(round_1="1", status=302)
    visit(client, "signup.cancel", **where(conference)).form().send(status=302)

    assert list(db.session.scalars(select(Message.kind).order_by(Message.id))) == [
        MessageKind.REGISTRATION_CONFIRMED,
        MessageKind.GROUPS_CHANGED,
        MessageKind.REGISTRATION_CANCELLED,
    ]
