"""The organizer's pages of consents, support and seats."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.database import transaction
from app.domain import consents, local_time, registrations, seat_rules, support, support_offers, wishes
from app.models import Conference, ConsentMethod, ConsentPurpose, GroupChoice, NeedKind, RegistrationStatus
from tests import make
from tests.blueprints.signup.test_manage_form import Open, opened
from tests.browse import visit, words

__all__ = ["opened"]


def test_consents_begin_with_words_and_are_asked_when_ticked(opened: Open, conference: Conference) -> None:
    page = opened("edit_consents")
    assert page.form().values["photo_press-words"].startswith("Ich bin einverstanden, dass Fotos")

    page.form().send({"photo_press": "y", "newsletter-words": "Eigene Worte"}, status=303)

    found = consents.latest(conference)
    assert {purpose: (text.is_current, str(text.words)[:12]) for purpose, text in found.items()} == {
        ConsentPurpose.PHOTO_PRESS: (True, "Ich bin einv"),
        ConsentPurpose.NEWSLETTER: (False, "Eigene Worte"),
    }
    assert "Fotos für die Presse: 0 Zusagen" in opened("edit_form").text


def test_new_words_of_a_consent_say_which_version_holds(opened: Open, conference: Conference) -> None:
    opened("edit_consents").form().send({"photo_press": "y"}, status=303)
    with transaction():
        registration = make.registration(conference)
        consents.give(registration, [consents.asked(conference)[0].id], method=ConsentMethod.WEB)

    opened("edit_consents").form().send({"photo_press-words": "Andere Worte"}, status=303)

    assert "Fassung 2, 1 Zusage gilt." in opened("edit_consents").text
    assert [held.consent_text.version for held in consents.standing(registration)] == [1]


def test_a_consent_without_words_is_refused_at_its_field(opened: Open, conference: Conference) -> None:
    page = opened("edit_consents").form().send({"photo_press": "y", "photo_press-words": ""}, status=422)

    assert list(page.errors()) == ["photo_press-words"]
    assert consents.latest(conference) == {}


def test_support_is_asked_with_day_and_note(opened: Open, conference: Conference) -> None:
    day = local_time.day_of(conference.starts_at)

    opened("edit_support").form().send(
        {"diet": "y", "diet-order_by": f"{day:%d.%m.%Y}", "diet-note": "Bitte bald."}, status=303
    )

    (offer,) = support_offers.all_of(conference)
    assert (offer.kind, offer.order_by, str(offer.note)) == (NeedKind.DIET, day, "Bitte bald.")
    assert "Essen: worauf wir achten sollen (bestellen bis " in opened("edit_form").text


def test_support_somebody_needs_cannot_be_dropped(opened: Open, conference: Conference) -> None:
    make.support_offers(conference, NeedKind.DIET)
    with transaction():
        support.save(make.participant(conference), [support.Wanted(NeedKind.DIET, "halal")])

    page = opened("edit_support").form().send(diet=None, status=422)

    assert page.errors()["diet"].startswith("Das brauchen schon Menschen, die sich angemeldet haben.")
    assert "halal" not in page.everything
    assert [offer.kind for offer in support_offers.all_of(conference)] == [NeedKind.DIET]


@pytest.mark.parametrize(
    ("makes_offers", "said", "status"),
    [
        ("no", "3 Personen sind von der Warteliste nachgerückt.", RegistrationStatus.CONFIRMED),
        ("yes", "3 Personen von der Warteliste haben jetzt ein Angebot.", RegistrationStatus.OFFERED),
    ],
)
def test_released_places_move_people_up_and_the_page_says_how_many(
    opened: Open, conference: Conference, makes_offers: str, said: str, status: RegistrationStatus
) -> None:
    opened("edit_rules").form().send({"kept-politics": "9", "makes_offers": makes_offers}, status=303)
    make.registration(conference)
    waiting = [make.registration(conference) for _number in range(3)]
    assert "3 Personen warten." in opened("edit_rules").text

    page = opened("edit_rules").form().send({"kept-politics": "6"}, status=303)

    assert said in page.follow().text
    assert [held.status for held in waiting] == [status] * 3
    assert "6 Plätze freigehalten: Politik" in opened("edit_form").text


def test_the_rules_are_saved(opened: Open, conference: Conference) -> None:
    opened("edit_rules").form().send(
        {
            "has_queue": None,
            "makes_offers": "yes",
            "offer_hours": "12",
            "group_choice": "wishes",
            "capacity": "",
        },
        status=303,
    )

    found = seat_rules.arranged(conference)
    assert {name: found[name] for name in (*seat_rules.RULES, "capacity")} == {
        "has_queue": False,
        "makes_offers": True,
        "offer_hours": 12,
        "group_choice": GroupChoice.WISHES,
        "capacity": None,
    }


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (
            {"kept-politics": "11"},
            "walk_in_quota",
            "Freigehalten wären zusammen 11 Plätze, es gibt aber nur 10.",
        ),
        ({"capacity": "0"}, "capacity", "So wenige Plätze gehen nicht. Schon vergeben oder angeboten: 1."),
        ({"offer_hours": "0"}, "offer_hours", "Bitte geben Sie mindestens eine Stunde Zeit."),
        ({"offer_hours": "337"}, "offer_hours", "Bitte geben Sie eine Zahl von 0 bis 336 ein."),
        (
            {"group_choice": "wishes"},
            "group_choice-0",
            "Es haben schon Menschen einen Platz in einer Gruppe oder warten darauf (1). Nach Wünschen",
        ),
    ],
)
def test_rules_that_cannot_be_are_refused_with_a_sentence(
    opened: Open, conference: Conference, typed: dict[str, Any], field: str, sentence: str
) -> None:
    make.registration(conference, make.group_round(conference))
    before = seat_rules.arranged(conference)

    page = opened("edit_rules").form().send(typed, status=422)

    assert {name: said[: len(sentence)] for name, said in page.errors().items()} == {field: sentence}
    assert seat_rules.arranged(conference) == before


@pytest.mark.parametrize(
    "typed", [{"capacity": "1"}, {"capacity": "5", "walk_in_quota": "4"}], ids=["taken", "kept"]
)
def test_both_pages_with_the_places_of_the_conference_refuse_with_the_same_sentence(
    opened: Open, client: FlaskClient, conference: Conference, typed: dict[str, str]
) -> None:
    opened("edit_rules").form().send({"kept-politics": "2"}, status=303)
    for _number in range(2):
        make.registration(conference)
    where = {"host": conference.host.key, "conference": conference.key}

    rules = opened("edit_rules").form().send(typed, status=422).errors()
    schedule = visit(client, "conferences.edit_schedule", **where).form().send(typed, status=422).errors()

    assert rules == schedule
    assert len(rules) == 1


def test_two_people_at_the_rules_see_both(opened: Open, conference: Conference) -> None:
    form = opened("edit_rules").form()
    opened("edit_rules").form().send(offer_hours="12", status=303)

    page = form.send(offer_hours="13", status=422)

    table = page.one("section", aria_labelledby="nebeneinander")
    assert [words(row) for row in table.iter("tr")][1:] == ["Frist für ein Angebot 13 12"]


def test_switching_offers_off_asks_first_and_says_how_many_are_open(
    opened: Open, conference: Conference
) -> None:
    opened("edit_rules").form().send({"makes_offers": "yes", "capacity": "1"}, status=303)
    first, offered = make.registration(conference), make.registration(conference)
    registrations.cancel(first)
    page = opened("edit_rules")
    assert "1 Platz ist gerade angeboten." in page.text
    assert page.all("input", name="settle") == []

    refused = page.form().send({"makes_offers": "no"}, status=422)

    assert refused.errors()["makes_offers-0"].startswith("Gerade sind noch Plätze angeboten (1).")
    assert offered.status is RegistrationStatus.OFFERED
    done = refused.form().send({"settle": "y"}, status=303).follow()
    assert "1 Platz, der angeboten war, ist jetzt vergeben." in done.text
    assert offered.status is RegistrationStatus.CONFIRMED


def test_without_a_queue_the_page_says_what_becomes_of_those_who_wait(
    opened: Open, conference: Conference
) -> None:
    opened("edit_rules").form().send({"capacity": "1"}, status=303)
    for _number in range(2):
        make.registration(conference)

    opened("edit_rules").form().send({"has_queue": None}, status=303)

    assert (
        "1 Person wartet. Neu kommt niemand mehr auf die Warteliste; wer dort steht, rückt weiter nach."
        in opened("edit_rules").text
    )


def test_wishes_that_are_open_say_what_to_do_before_groups_are_chosen(
    opened: Open, conference: Conference
) -> None:
    opened("edit_rules").form().send({"group_choice": "wishes"}, status=303)
    with transaction():
        wishes.save(make.participant(conference), {1: [make.group_round(conference).id]})
    page = opened("edit_rules")
    assert "Berechnen Sie zuerst unter „Einteilung“ einen Vorschlag" in page.text

    refused = page.form().send({"group_choice": "direct"}, status=422)

    assert refused.errors()["group_choice-0"].startswith("Es haben schon Menschen Wünsche genannt (1)")


def test_what_waits_and_what_is_offered_stand_in_sentences_of_their_own(
    opened: Open, conference: Conference
) -> None:
    opened("edit_rules").form().send({"capacity": "1", "makes_offers": "yes", "offer_hours": "4"}, status=303)
    seated = make.registration(conference)
    for _number in range(2):
        make.registration(conference)
    registrations.cancel(seated)

    assert (
        "1 Platz ist vergeben oder angeboten. 1 Person wartet. 1 Platz ist gerade angeboten."
        in opened("edit_rules").text
    )
