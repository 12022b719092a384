"""Placeholders: what may stand where, what must, and how they are filled."""

import pytest

from app.domain import placeholders
from app.domain.errors import BraceAlone, PlaceholderMisplaced, PlaceholderMissing, PlaceholderUnknown
from app.models import MessageKind

OFFER = "Frei: {angebot}. Antworten Sie bis {frist}.\n\n{link}"


def test_checking_a_text_with_all_it_needs_raises_nothing():
    placeholders.check(MessageKind.OFFER, "Ein Platz bei {titel}", OFFER)


@pytest.mark.parametrize("name", ["Titel", "bedarf", "", "titel.__class__", "gruppen"])
def test_checking_an_unknown_placeholder_names_it_and_the_list(name):
    with pytest.raises(PlaceholderUnknown) as refused:
        placeholders.check(MessageKind.OFFER, "Ein Platz", f"{OFFER} {{{name}}}")

    assert str(refused.value) == (
        f"Den Platzhalter {{{name}}} gibt es nicht. Möglich sind hier: {{titel}}, {{tag}}, {{uhrzeit}}, {{ort}}, "
        "{name}, {veranstalter}, {telefon}, {angebot}, {frist}, {link}."
    )
    assert refused.value.field == "body"


def test_checking_an_offer_without_its_deadline_says_what_is_missing():
    with pytest.raises(PlaceholderMissing) as refused:
        placeholders.check(MessageKind.OFFER, "Ein Platz bis {frist}", "Hier: {link}")

    assert str(refused.value) == (
        "In diesem Text fehlt der Platzhalter {frist}: bis wann jemand antworten muss. Bitte fügen Sie ihn ein."
    )


def test_checking_a_subject_with_a_link_is_refused_at_the_subject():
    with pytest.raises(PlaceholderMisplaced) as refused:
        placeholders.check(MessageKind.OFFER, "Hier: {link}", OFFER)

    assert refused.value.field == "subject"


@pytest.mark.parametrize("text", ["Bis {frist", "Bis frist}", "{{titel}}", "{tit\nel}"])
def test_checking_a_brace_that_stands_alone_says_where(text):
    with pytest.raises(BraceAlone) as refused:
        placeholders.check(MessageKind.OFFER, "Ein Platz", f"{OFFER}\n\n{text}")

    assert refused.value.field == "body"


def test_filling_leaves_no_blank_where_there_is_nothing_to_say():
    said = placeholders.fill("Guten Tag {name}, am {tag}.", {"name": "", "tag": "Montag"})

    assert said == "Guten Tag, am Montag."


def test_filling_does_not_fill_what_stands_in_a_value():
    assert placeholders.fill("{name}: {tag}", {"name": "{tag}", "tag": "Montag"}) == "{tag}: Montag"


def test_parts_are_paragraphs_and_what_stands_alone():
    assert placeholders.parts("Eins\nzwei\n\n\n  Drei {link} vier {tag}\n\n{gruppen}") == [
        ("Eins\nzwei", False),
        ("Drei", False),
        ("link", True),
        ("vier {tag}", False),
        ("gruppen", True),
    ]


@pytest.mark.parametrize("kind", list(placeholders.ALLOWED))
def test_every_kind_allows_what_it_requires_and_nothing_about_needs(kind):
    allowed = placeholders.ALLOWED[kind]

    assert set(placeholders.REQUIRED.get(kind, ())) <= set(allowed)
    assert {placeholder.name for placeholder in allowed} <= {
        *("titel", "tag", "uhrzeit", "ort", "name", "veranstalter", "telefon", "gruppen", "link"),
        *("frist", "angebot", "warteplatz", "hinweis", "einrichtung", "personen"),
    }
