"""Taking back what was published: no word of it stays in any edition, whichever way it leaves."""

import json

import pytest
from sqlalchemy import select

from app.database import db, metadata
from app.domain import editions, taking_back
from app.models import Contribution, RejectionReason
from tests import results

WORDS = "Mehr Zebrastreifen am Wasserturm"
GERMAN = "Übersetzung vom Wasserturm"
NAME = "Anwohnerin vom Wasserturm"


def withdraw(voice):
    taking_back.withdraw(voice)


def reject(voice):
    taking_back.reject(voice, RejectionReason.PERSONAL_DATA, "Bitte noch einmal ohne Namen.")


def forward(voice):
    taking_back.forward(voice, "Tiefbauamt")


WAYS = [withdraw, reject, forward]


@pytest.fixture
def conference(app):
    """A conference with a published voice that carries a recommendation, a duplicate of it, and two editions."""
    at = results.rich()
    voice = results.voice(at, WORDS, language="tr", german=GERMAN, display_name=NAME, german_by="human")
    results.voice(at, "Dasselbe mit anderen Worten", status="duplicate", duplicate_of_id=voice.id)
    results.recommendation(at, voice, title="Sicher über die Straße")
    results.published(at)
    results.recommendation(at, voice, title="Noch eine Empfehlung")
    results.published(at)
    return at


def number_five(conference):
    return db.session.scalars(
        select(Contribution).where(Contribution.conference_id == conference.id, Contribution.number == 5)
    ).one()


def everything_of_editions():
    """All that tables of editions and stored files hold, as text."""
    db.session.rollback()
    rows = {
        table.name: [tuple(row) for row in db.session.execute(table.select())]
        for table in metadata.sorted_tables
        if table.name in ("edition", "edition_file", "stored_file")
    }
    return json.dumps(
        rows, ensure_ascii=False, default=lambda value: getattr(value, "decode", value.__str__)()
    )


@pytest.mark.parametrize("way", WAYS)
def test_no_word_stays_in_any_edition_or_file(conference, way):
    before = everything_of_editions()
    assert [text in before for text in (WORDS, GERMAN, NAME)] == [True, True, True]

    way(number_five(conference))

    after = everything_of_editions()
    assert [text in after for text in (WORDS, GERMAN, NAME, "Wasserturm")] == [False] * 4


@pytest.mark.parametrize("way", WAYS)
def test_its_number_stays_wherever_it_was_named(conference, way):
    way(number_five(conference))

    for edition in (editions.latest_of(conference), first_of(conference)):
        held = edition.snapshot
        assert {"number": 5, "withdrawn": True, "redacted": True} in held["contributions"]
        assert {"kind": "contribution", "number": 5} in held["recommendations"][1]["evidence"]
        assert [entry["duplicate_of"] for entry in held["contributions"] if entry["number"] == 6] == [5]
    assert editions.latest_of(conference).snapshot["changes"]["recommendations"]["added"] == [4]


def first_of(conference):
    from app.models import Edition

    return db.session.scalars(
        select(Edition).where(Edition.conference_id == conference.id, Edition.number == 1)
    ).one()


def test_what_the_next_edition_says_of_it_is_its_number(conference):
    taking_back.withdraw(number_five(conference))

    third = editions.freeze(conference)

    assert {"number": 5, "withdrawn": True} in third.snapshot["contributions"]
    assert third.snapshot["changes"]["contributions"]["withdrawn"] == [5]
    assert "Wasserturm" not in json.dumps(third.snapshot, ensure_ascii=False)
    # Who said the same stands by itself now.
    assert [entry["duplicate_of"] for entry in third.snapshot["contributions"] if entry["number"] == 6] == [
        None
    ]


def test_withdrawing_a_duplicate_leaves_its_original(conference):
    duplicate = db.session.scalars(
        select(Contribution).where(Contribution.conference_id == conference.id, Contribution.number == 6)
    ).one()

    taking_back.withdraw(duplicate)

    held = everything_of_editions()
    assert "Dasselbe mit anderen Worten" not in held
    assert WORDS in held


def test_taking_back_twice_changes_nothing_more(conference):
    taking_back.withdraw(number_five(conference))
    before = everything_of_editions()

    taking_back.withdraw(number_five(conference))

    assert everything_of_editions() == before


def test_what_never_was_public_touches_no_edition(conference):
    unread = db.session.scalars(
        select(Contribution).where(Contribution.conference_id == conference.id, Contribution.number.is_(None))
    ).first()
    before = everything_of_editions()

    taking_back.withdraw(unread)

    assert everything_of_editions() == before


def test_an_edition_published_after_it_was_withdrawn_stays_as_it_is(conference):
    taking_back.withdraw(number_five(conference))
    third = results.published(conference)
    before = everything_of_editions()

    taking_back.withdraw(number_five(conference))

    assert third.redacted_at is None
    assert everything_of_editions() == before
