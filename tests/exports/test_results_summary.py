"""The page with the most important things: its sentences are right for none, one and many."""

from __future__ import annotations

import pytest

from app.exports import results_summary
from tests.exports import sample


def summary(**given: object) -> results_summary.Summary:
    return results_summary.of(sample.empty() | given)


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 Beiträge"), (1, "1 Beitrag"), (2, "2 Beiträge"), (1250, "1.250 Beiträge")]
)
def test_counted(number, expected):
    assert results_summary.counted(number, "Beitrag", "Beiträge") == expected.replace(" ", "\u00a0")


def test_an_empty_conference():
    found = summary()

    assert [figure for figure, _ in found.tiles] == ["0", "0", "0", "0"]
    assert found.sentences == [
        "Veröffentlichte Beiträge gibt es in dieser Ausgabe nicht.",
        "Empfehlungen gibt es in dieser Ausgabe noch nicht.",
    ]
    assert (found.topics, found.statuses) == ([], [])
    assert found.next_steps == ["Die nächste Ausgabe zeigt, was sich geändert hat."]


def test_one_of_each():
    found = summary(
        attendance={"registered": 1, "by_role": [], "at_tables": []},
        contributions=[sample.contribution(1, owed_by="Amt"), {"number": 2, "withdrawn": True}],
        recommendations=[sample.recommendation(1, status="drafted", target_date=None)],
    )

    assert found.tiles == [
        ("1", "Mensch angemeldet"),
        ("0", "Arbeitsgruppen"),
        ("1", "Beitrag"),
        ("1", "Empfehlung"),
    ]
    assert found.sentences == ["1\u00a0Beitrag ist zurückgezogen."]
    assert found.next_steps[:2] == [
        "Über 1\u00a0Empfehlung ist noch nicht entschieden.",
        "Auf 1\u00a0Beitrag fehlt noch eine Antwort.",
    ]


def test_many():
    found = results_summary.of(sample.second_edition())

    assert found.sentences[0] == (
        "Die 11\u00a0Beiträge sind in 5 Sprachen geschrieben: Deutsch, Arabisch, Ukrainisch, Türkisch und Polnisch."
    )
    assert (
        found.sentences[1] == "1\u00a0Beitrag sagt dasselbe wie ein anderer Beitrag. Er zählt trotzdem mit."
    )
    assert found.next_steps == [
        "Bis 21. Juli 2026 können Sie uns sagen, was an dieser Ausgabe nicht stimmt.",
        "Über 5\u00a0Empfehlungen ist noch nicht entschieden.",
        "4\u00a0Empfehlungen sind beschlossen, geplant oder in Arbeit.",
        "Der nächste Termin: Empfehlung 1 soll bis 31. Dezember 2027 umgesetzt sein.",
        "Auf 1\u00a0Beitrag fehlt noch eine Antwort.",
        "Die nächste Ausgabe zeigt, was sich geändert hat.",
    ]


def test_several_duplicates():
    found = summary(
        contributions=[sample.contribution(number, status="duplicate", duplicate_of=1) for number in (2, 3)]
    )

    assert found.sentences[0] == (
        "2\u00a0Beiträge sagen dasselbe wie ein anderer Beitrag. Sie zählen trotzdem mit."
    )


def test_topics_come_by_how_much_was_said():
    found = results_summary.of(sample.rich())

    assert [(topic["title"], topic["count"], topic["group"]) for topic in found.topics] == [
        ("Eine Stelle für alle Infos", 6, "Familien-App"),
        ("Bezahlbare Wohnungen", 1, "Wohnen"),
        ("Über Geld reden ohne Scham", 1, "alle Gruppen"),
    ]


def test_a_date_that_is_over_is_not_the_next_one():
    found = summary(recommendations=[sample.recommendation(1, target_date="2026-03-01")])

    assert not any("nächste Termin" in step for step in found.next_steps)


def test_statuses_come_by_how_many():
    found = summary(
        recommendations=[
            sample.recommendation(number, status=status)
            for number, status in enumerate(("done", "planned", "planned"), start=1)
        ]
    )

    assert [(row["status"], row["numbers"]) for row in found.statuses] == [("planned", [2, 3]), ("done", [1])]


@pytest.mark.parametrize(("many", "named"), [(1, 1), (15, 15), (16, 0)])
def test_recommendations_are_named_while_the_page_has_room(many, named):
    found = results_summary.of(sample.empty() | {"recommendations": recommendations_of(many)})

    assert [entry["number"] for entry in found.recommendations] == list(range(1, named + 1))


@pytest.mark.parametrize(("recommendations", "named"), [(8, 5), (9, 3), (15, 3), (16, 5)])
def test_fewer_topics_are_named_beside_many_recommendations(recommendations, named):
    topics = [{"number": number, "title": f"Thema {number}", "group": None} for number in range(1, 7)]
    voices = [sample.contribution(number, topic=number) for number in range(1, 7)]

    found = results_summary.of(
        sample.empty()
        | {
            "topics": topics,
            "contributions": voices,
            "recommendations": recommendations_of(recommendations),
        }
    )

    assert len(found.topics) == named


def recommendations_of(many):
    return [sample.recommendation(number) for number in range(many, 0, -1)]
