"""With the code a household answers offers: a place at the conference, a seat, a swap."""

from datetime import timedelta

import pytest

from app.database import db, now
from app.domain import offers, registrations
from app.models import (
    ContactChannel,
    RegistrationStatus,
)
from tests import make
from tests.browse import visit, words


def where(conference):
    return {"host": conference.host.key, "conference": conference.key}


def holder(client, conference, *group_rounds, **options):
    """A household that has registered and shown the code in this browser."""
    registration, code = make.registered(conference, *group_rounds, **options)
    visit(client, "signup.enter_code", host=conference.host.key).form().send(code=code, status=302)
    return registration


def mine(client, conference):
    return visit(client, "signup.mine", **where(conference))


def answer(page, answer, conference):
    """Press one of the buttons of the only offer."""
    action = f"/{conference.host.key}/{conference.key}/meine-anmeldung/angebot"
    (fields,) = [
        {field.get("name"): field.get("value") for field in form.iter("input")}
        for form in page.all("form", action=action)
        if any(field.get("value") == answer for field in form.iter("input"))
    ]
    return visit(page.client, action, data=fields, status=302).follow().text


def held(registration):
    return [
        [(seat.group_round.group.number, seat.state.value) for seat in person.live_seats]
        for person in registration.participants
    ]


@pytest.fixture
def waiting(client, clock):
    """A household of two in the queue of a full conference that makes offers."""
    conference = make.conference(capacity=2, makes_offers=True, offer_hours=2)
    registrations_before = [make.registration(conference) for _ in range(2)]
    registration = holder(
        client, conference, people=2, contact_channel=ContactChannel.EMAIL, contact="a@b.example"
    )
    return conference, registration, registrations_before


def test_an_offered_place_is_kept_until_it_is_answered_and_accepting_gives_it(client, waiting):
    conference, registration, before = waiting
    assert "Sie stehen auf Platz 1 der Warteliste" in mine(client, conference).text
    for other in before:
        registrations.cancel(other)

    page = mine(client, conference)

    assert "Plätze bei der Konferenz sind frei für Sie alle 2" in page.text
    assert "Bitte antworten Sie bis:" in page.text
    assert "angemeldet" not in page.text.split("Wer kommt?")[0]
    assert "Angenommen. Der Platz gehört jetzt Ihnen." in answer(page, "ja", conference)
    assert registration.status is RegistrationStatus.CONFIRMED
    assert "Angenommen." in answer(page, "ja", conference)
    assert conference.places_taken == 2


def test_declining_lets_the_next_in_and_ends_the_waiting(client, waiting):
    conference, registration, before = waiting
    next_one = make.registration(conference, people=2)
    for other in before:
        registrations.cancel(other)

    text = answer(mine(client, conference), "nein", conference)

    assert "Der Platz geht an die Nächsten" in text
    assert "Ihr Platz auf der Warteliste ist zu Ende" in text
    assert (registration.status, next_one.status) == (RegistrationStatus.LAPSED, RegistrationStatus.OFFERED)


def test_an_offer_that_has_ended_is_told_truly(client, waiting, clock):
    conference, registration, before = waiting
    for other in before:
        registrations.cancel(other)
    page = mine(client, conference)
    clock.shift(timedelta(hours=conference.offer_hours, minutes=1))

    over = mine(client, conference)
    assert "Die Frist ist vorbei" in [words(heading) for heading in over.all("h2")]
    assert "frei für Sie" not in over.text
    assert "Sie haben den Platz erst" not in over.text
    assert "Ja, annehmen" not in over.text
    assert "Die Frist für diesen Platz ist vorbei" in answer(page, "ja", conference)

    offers.lapse_due(now())
    db.session.expire_all()
    assert registration.status is RegistrationStatus.LAPSED
    assert "an andere gegangen, weil Sie ihn nicht angenommen haben" in mine(client, conference).text
    assert "Die Frist für diesen Platz ist vorbei" in answer(page, "ja", conference)


def test_an_offered_seat_says_which_one_is_given_up_and_swaps_in_one_step(client):
    conference = make.conference(makes_offers=True)
    own, dearer = make.group(conference, title="Eins"), make.group(conference, capacity=1, title="Drei")
    other = make.registration(conference, dearer.rounds[0])
    registration = holder(client, conference, own.rounds[0])
    visit(client, "signup.change_groups", **where(conference)).form().send(round_1="2", status=302)
    registrations.cancel(other)

    page = mine(client, conference)

    assert "Ein Platz ist frei für Sie: Drei" in page.text
    assert "Sie tauschen damit: Ihr Platz in „Eins“ wird dann frei" in page.text
    assert held(registration) == [[(1, "seated"), (2, "offered")]]
    answer(page, "ja", conference)
    assert held(registration) == [[(2, "seated")]]
    assert own.rounds[0].seats_taken == 0


def test_an_answer_that_comes_too_late_for_a_seat_is_told_why(client, clock):
    conference = make.conference(makes_offers=True, offer_hours=2)
    own, dearer = make.group(conference, title="Eins"), make.group(conference, capacity=1, title="Drei")
    other = make.registration(conference, dearer.rounds[0])
    registration = holder(
        client, conference, own.rounds[0], contact_channel=ContactChannel.EMAIL, contact="a@b.example"
    )
    visit(client, "signup.change_groups", **where(conference)).form().send(round_1="2", status=302)
    registrations.cancel(other)
    page = mine(client, conference)
    clock.shift(timedelta(hours=2, minutes=1))
    late = "Ihre Antwort kam nach der Frist. Der Platz in dieser Gruppe geht an die Nächsten"

    assert late in answer(page, "ja", conference)
    offers.lapse_due(now())
    assert late in answer(page, "ja", conference)

    db.session.expire_all()
    assert held(registration) == [[(1, "seated")]]


@pytest.mark.parametrize(
    "fields",
    [
        {"gruppe": "999999", "antwort": "ja"},
        {"gruppe": "-1", "antwort": "ja"},
        {"gruppe": "²", "antwort": "ja"},
        {"gruppe": "9" * 40, "antwort": "nein"},
        {"gruppe": "", "antwort": "vielleicht"},
        {"gruppe": "", "antwort": "ja"},
    ],
)
def test_an_answer_to_nothing_changes_nothing(client, fields):
    conference = make.conference(capacity=1)
    seated = make.registration(conference)
    registration = holder(client, conference)

    page = visit(client, "signup.answer_offer", data=fields, status=302, **where(conference))
    text = page.follow().text

    assert "Dieses Angebot gibt es nicht mehr." in text or "noch einmal" in text
    assert (registration.status, seated.status) == (
        RegistrationStatus.WAITLISTED,
        RegistrationStatus.CONFIRMED,
    )


def test_the_offer_of_another_household_cannot_be_taken(client):
    conference = make.conference(makes_offers=True)
    group = make.group(conference, capacity=1)
    first, second = (make.registration(conference, group.rounds[0]) for _ in range(2))
    stranger = holder(client, conference, group.rounds[0])
    registrations.cancel(first)

    client.post(
        f"/{conference.host.key}/{conference.key}/meine-anmeldung/angebot",
        data={"gruppe": group.rounds[0].id, "antwort": "ja"},
    )

    assert held(second) == [[(1, "offered")]]
    assert held(stranger) == [[(1, "waiting")]]
