"""Consents: each with the version of its words, agreed to and withdrawn; words somebody agreed to stay."""

from __future__ import annotations

from typing import Any

import pytest

from app.database import db, transaction
from app.domain import consents, editing, form_texts
from app.domain.errors import ChangedMeanwhile, ConsentWordsChanged, ConsentWordsMissing
from app.models import Conference, ConsentMethod, ConsentPurpose, ConsentText, Registration
from tests import make

pytestmark = pytest.mark.usefixtures("app")

PRESS = ConsentPurpose.PHOTO_PRESS


def arrange(conference: Conference, **wanted: Any) -> None:
    """Ask for the press photos in `words`; `is_asked=False` does not."""
    values = consents.arranged(conference)
    values |= {PRESS.value: wanted.get("is_asked", True), consents.words_of(PRESS): wanted["words"]}
    consents.arrange(conference, values, shown=wanted.get("shown"))


def give(registration: Registration) -> None:
    with transaction():
        (text,) = consents.asked(registration.conference)
        consents.give(registration, [text.id], method=ConsentMethod.WEB)


def texts(conference: Conference) -> list[tuple[int, dict[str, str], bool]]:
    db.session.expire_all()
    rows = db.session.query(ConsentText).filter_by(conference_id=conference.id).order_by(ConsentText.version)
    return [(text.version, dict(text.words), text.is_current) for text in rows]


def test_words_nobody_agreed_to_change_in_place() -> None:
    conference = make.conference()

    arrange(conference, words="Eins")
    arrange(conference, words="Zwei")

    assert texts(conference) == [(1, {"de": "Zwei"}, True)]
    assert [text.purpose for text in consents.asked(conference)] == [PRESS]


def test_words_somebody_agreed_to_stay_and_a_version_follows() -> None:
    conference = make.conference()
    arrange(conference, words="Eins")
    before = make.registration(conference)
    give(before)

    arrange(conference, words="Eins")
    arrange(conference, words="Zwei")
    form_texts.save(conference, "ar", {"consent-photo_press": "اثنان"})
    give(make.registration(conference))
    form_texts.save(conference, "ar", {"consent-photo_press": "أخرى"})

    assert texts(conference) == [
        (1, {"de": "Eins"}, False),
        (2, {"de": "Zwei", "ar": "اثنان"}, False),
        (3, {"de": "Zwei", "ar": "أخرى"}, True),
    ]
    (held,) = consents.standing(before)
    assert held.consent_text.version == 1
    assert {
        purpose: (kept.text.version, kept.standing) for purpose, kept in consents.kept(conference).items()
    } == {PRESS: (3, 2)}


def test_what_is_switched_off_is_not_asked_and_not_taken_and_comes_back_as_it_was() -> None:
    conference = make.conference()
    arrange(conference, words="Eins")
    (text,) = consents.asked(conference)
    text_id, registration = text.id, make.registration(conference)

    arrange(conference, words="Eins", is_asked=False)
    with pytest.raises(ConsentWordsChanged), transaction():
        consents.give(registration, [text_id], method=ConsentMethod.WEB)
    assert consents.asked(conference) == []
    arrange(conference, words="Eins")

    assert [text.id for text in consents.asked(conference)] == [text_id]


def test_a_consent_without_words_is_refused_with_its_field() -> None:
    conference = make.conference()

    with pytest.raises(ConsentWordsMissing) as refused:
        arrange(conference, words="")
    assert (refused.value.field, texts(conference)) == ("photo_press-words", [])


def test_two_people_who_arrange_at_once_are_told() -> None:
    conference = make.conference()
    shown = editing.seen(consents.arranged(conference))
    arrange(conference, words="Eins")

    with pytest.raises(ChangedMeanwhile):
        arrange(conference, words="Zwei", shown=shown)
    assert texts(conference) == [(1, {"de": "Eins"}, True)]


def test_giving_twice_counts_once_and_withdrawing_ends_all_versions() -> None:
    conference = make.conference()
    arrange(conference, words="Eins")
    registration = make.registration(conference)
    give(registration)
    give(registration)
    arrange(conference, words="Zwei")
    give(registration)
    assert [held.consent_text.version for held in consents.standing(registration)] == [1, 2]

    consents.withdraw(registration, PRESS)
    consents.withdraw(registration, PRESS)

    assert consents.standing(registration) == []
    assert consents.kept(conference)[PRESS].standing == 0
