"""What is said about the rows of a table: the row, the column and what to do; and what is only worth a look."""

from __future__ import annotations

import pytest

from app.database import db, transaction
from app.domain import registration_imports, registrations
from app.domain.errors import TableRefused
from app.domain.registration_table.forecast import Outcome
from app.models import (
    Conference,
    ContactChannel,
    GroupChoice,
    Question,
    QuestionKind,
    RoleGroup,
    Translated,
)
from tests import make

ROLES = "Einwohnerin oder Einwohner, Einrichtung oder Verein, Politik, Verwaltung, Presse"


@pytest.fixture
def conference(app):
    made = make.conference(make.host(), capacity=50, languages=["de", "ar"], venue_id=None)
    make.group(made, title="Wohnen", capacity=3, rounds=2)
    make.group(made, title="Armut", capacity=3, rounds=2)
    with app.test_request_context("/"):
        yield made


def judge(conference: Conference, *lines: str) -> registration_imports.Judged:
    stored = registration_imports.upload(conference, "liste.csv", "\n".join(lines).encode())
    return registration_imports.judged(conference, stored)


def faults(found: registration_imports.Judged) -> list[tuple[int, str, str]]:
    return [
        (fault.row, fault.column, fault.sentence)
        for verdict in found.verdicts
        for fault in verdict.household.faults
    ]


def hints(found: registration_imports.Judged) -> list[tuple[int, str]]:
    return [(hint.row, hint.sentence) for verdict in found.verdicts for hint in verdict.household.hints]


def ask(conference: Conference, **values) -> Question:
    with transaction():
        question = Question(
            **{
                "host_id": conference.host_id,
                "conference_id": conference.id,
                "key": "thema",
                "position": 1,
                "kind": QuestionKind.TEXT,
                "label": Translated("Ihr Thema?"),
                **values,
            }
        )
        db.session.add(question)
    return question


def test_rows_with_one_mark_are_one_household_with_one_contact(conference: Conference) -> None:
    housing, poverty = (group.rounds[0].id for group in conference.groups)

    found = judge(
        conference,
        "Familie,Vor- und Nachname,Nimmt teil als,E-Mail-Adresse,Tel.,Sprache,Alter (Kind),AG Runde 1",
        "F1,Ayşe Yılmaz,Einwohnerin,AYSE@post.example,0209 1,Arabisch,,1",
        "F2,Herr Weiß,Politik,,+49 209 123,,,Armut",
        "f1,,,,,,7 Jahre,2. Armut",
        ",,Presse,,,,,",
    )

    assert faults(found) == []
    households = [verdict.household for verdict in found.verdicts]
    assert [[row.number for row in each.rows] for each in households] == [[2, 4], [3], [5]]
    first, second, third = (each.details for each in households)
    assert (first.display_name, first.role_group, first.language) == ("Ayşe Yılmaz", RoleGroup.RESIDENT, "ar")
    assert (first.contact_channel, first.contact) == (ContactChannel.EMAIL, "AYSE@post.example")
    assert (second.contact_channel, second.contact) == (ContactChannel.PHONE, "+49 209 123")
    assert (third.contact_channel, third.role_group) == (ContactChannel.NONE, RoleGroup.PRESS)
    assert [(person.name, person.age, person.groups) for person in households[0].people] == [
        ("Ayşe Yılmaz", None, {1: housing}),
        ("", 7, {1: poverty}),
    ]
    assert [each.has_second_way for each in households] == [True, False, False]


@pytest.mark.parametrize(
    ("header", "cells", "column", "sentence"),
    [
        ("", "", "Kommt als", f"Hier fehlt, als was die Person kommt. Möglich sind: {ROLES}."),
        ("", "Gast", "Kommt als", f"„Gast“ kennen wir nicht. Möglich sind: {ROLES}."),
        (
            "E-Mail",
            "Politik;frau@@post",
            "E-Mail",
            "„frau@@post“ ist keine E-Mail-Adresse. Richtig wäre zum Beispiel: name@beispiel.de",
        ),
        (
            "Telefon",
            "Politik;ja",
            "Telefon",
            "„ja“ ist keine Telefonnummer. Richtig wäre zum Beispiel: 0209 123456",
        ),
        (
            "Alter",
            "Politik;45",
            "Alter",
            "Als Kind zählt, wer höchstens 17 Jahre alt ist; hier steht 45. "
            "Bei Erwachsenen bleibt das Alter leer.",
        ),
        (
            "Alter",
            "Politik;klein",
            "Alter",
            "„klein“ ist kein Alter. Das Alter eines Kindes ist eine Zahl von 0 bis 17.",
        ),
        (
            "Sprache",
            "Politik;Türkisch",
            "Sprache",
            "„Türkisch“ spricht diese Konferenz nicht. Möglich sind: Deutsch, Arabisch.",
        ),
        (
            "Runde 1",
            "Politik;9",
            "Runde 1",
            "Die Gruppe „9“ gibt es in dieser Runde nicht. Bitte schreiben Sie Nummer oder Titel: "
            "1. Wohnen; 2. Armut.",
        ),
        (
            "Runde 1",
            "Politik;1, 2",
            "Runde 1",
            "Hier stehen mehrere Gruppen: „1, 2“. Jede Person hat in einer Runde nur eine.",
        ),
        (
            "Einrichtung",
            "Politik;=SUMME(A1)",
            "Einrichtung",
            "Hier steht eine Formel oder etwas, das wie eine beginnt: „=SUMME(A1)“. Formeln nehmen wir nicht. "
            "Bitte tragen Sie den Wert selbst ein.",
        ),
        (
            "Telefon",
            "Politik;+HYPERLINK(0209)",
            "Telefon",
            "Hier steht eine Formel oder etwas, das wie eine beginnt: „+HYPERLINK(0209)“. Formeln nehmen wir nicht. "
            "Bitte tragen Sie den Wert selbst ein.",
        ),
        (
            "Einrichtung",
            "Politik;" + "x" * 201,
            "Einrichtung",
            "Das ist zu lang: 201 Zeichen. Möglich sind höchstens 200.",
        ),
        (
            "Einrichtung",
            "Politik;Rat;Rest",
            "",
            "In dieser Zeile stehen mehr Zellen, als es Spalten gibt. Vielleicht ist ein Komma oder Semikolon zu viel.",
        ),
    ],
    ids=[
        *(
            "no role",
            "unknown role",
            "mail",
            "phone",
            "child of 45",
            "age",
            "language",
            "group",
            "two groups",
        ),
        *("formula", "formula as phone", "long", "more cells"),
    ],
)
def test_a_row_that_is_wrong_is_told_with_row_column_and_what_to_do(
    conference: Conference, header: str, cells: str, column: str, sentence: str
) -> None:
    found = judge(conference, f"Name;Kommt als;{header}", "Gut;Politik", f"Frau X;{cells}")

    assert faults(found) == [(3, column, sentence)]
    assert [verdict.outcome for verdict in found.verdicts] == [Outcome.GOOD, Outcome.FAULTY]


def test_groups_at_the_same_time_are_refused(app, conference: Conference) -> None:
    item = make.agenda_round(conference, 1)
    with transaction():
        for group in conference.groups:
            for held in group.rounds:
                held.agenda_item_id = item.id

    found = judge(conference, "Kommt als;Runde 1;Runde 2", "Politik;1;2", "Politik;1;")

    assert faults(found) == [
        (2, "Runde 2", "„Armut“ und „Wohnen“ sind zur gleichen Zeit. Bitte nennen Sie nur eine davon.")
    ]


def test_a_household_of_thirteen_and_one_that_contradicts_itself_are_refused(conference: Conference) -> None:
    found = judge(
        conference,
        "Haushalt;Kommt als;E-Mail",
        *["groß;Politik;"] * 13,
        "zwei;Politik;a@post.example",
        "zwei;Presse;b@post.example",
    )

    assert faults(found) == [
        (
            2,
            "Haushalt",
            "Zum Haushalt „groß“ gehören 13 Zeilen. Höchstens 12 Personen passen in eine Anmeldung. "
            "Bitte teilen Sie sie auf mehrere auf.",
        ),
        (
            16,
            "Kommt als",
            "Hier steht „Presse“, in Zeile 15 desselben Haushalts aber „Politik“. Ein Haushalt ist eine Anmeldung. "
            "Bitte schreiben Sie überall dasselbe oder nur einmal etwas.",
        ),
        (
            16,
            "E-Mail",
            "Hier steht „b@post.example“, in Zeile 15 desselben Haushalts aber „a@post.example“. Ein Haushalt ist "
            "eine Anmeldung. Bitte schreiben Sie überall dasselbe oder nur einmal etwas.",
        ),
    ]


def test_the_same_row_twice_is_refused_and_likeness_is_only_worth_a_look(conference: Conference) -> None:
    make.registration(
        conference, name="Frau Alt", contact_channel=ContactChannel.EMAIL, contact="alt@post.example"
    )
    gone = make.registration(conference, name="Frau Weg")
    registrations.cancel(gone)

    found = judge(
        conference,
        "Haushalt;Name;Kommt als;E-Mail;Alter",
        ";Frau Neu;Politik;neu@post.example;",
        ";frau neu;Politik;NEU@post.example;",
        ";Herr Neu;Politik;neu@post.example;",
        ";Frau Neu;Presse;;",
        ";Frau X;Politik;ALT@post.example;",
        ";frau alt;Politik;;",
        ";Frau Weg;Politik;;",
        "Z;;Politik;;4",
        "Z;;Politik;;4",
        "Z;Lina;Politik;;9",
    )

    assert faults(found) == [
        (3, "", "Diese Zeile steht schon in Zeile 2. Bitte löschen Sie eine von beiden.")
    ]
    assert hints(found) == [
        (3, "Dieselbe Adresse oder Nummer steht schon in Zeile 2."),
        (4, "Dieselbe Adresse oder Nummer steht schon in Zeile 2."),
        (5, "Derselbe Name steht schon in Zeile 2."),
        (6, "Mit dieser Adresse oder Nummer ist schon jemand angemeldet. Ist es dieselbe Anmeldung?"),
        (7, "Unter diesem Namen ist schon jemand angemeldet. Ist es dieselbe Person?"),
        (11, "Von Kindern speichern wir keinen Namen, nur das Alter."),
        (
            9,
            "In dieser Anmeldung ist keine erwachsene Person. Gehört jemand dazu? Dann tragen Sie bei allen, die "
            "zusammen kommen, in der Spalte „Haushalt“ dasselbe ein.",
        ),
    ]


def test_own_questions_are_columns_and_required_ones_must_be_answered(conference: Conference) -> None:
    options = [{"key": "ja", "label": {"de": "Ja, gern"}}, {"key": "nein", "label": {"de": "Nein"}}]
    topic = ask(conference, is_required=True)
    choice = ask(
        conference,
        key="kommen",
        position=2,
        kind=QuestionKind.MULTI,
        label=Translated("Was noch?"),
        options=options,
    )

    found = judge(
        conference,
        "Kommt als;ihr thema;Was noch",
        "Politik;Wohnen;nein | JA GERN",
        "Politik;;",
        "Politik;Armut;vielleicht",
    )

    assert faults(found) == [
        (3, "Ihr Thema?", "Bitte beantworten Sie diese Frage: Ihr Thema?"),
        (4, "Was noch?", "Diese Antwort passt nicht zur Frage: Was noch?"),
    ]
    assert found.verdicts[0].household.answers == {topic.id: "Wohnen", choice.id: ["nein", "ja"]}


def test_wishes_stand_in_one_cell_the_dearest_first(conference: Conference) -> None:
    with transaction():
        conference.group_choice = GroupChoice.WISHES
    housing, poverty = (group.rounds[0].id for group in conference.groups)

    found = judge(conference, "Kommt als;Runde 1", "Politik;2, 1", "Politik;1; 1", "Politik;Armut/Armut")

    assert [person.wishes for person in found.verdicts[0].household.people] == [{1: [poverty, housing]}]
    assert faults(found) == [
        (
            3,
            "",
            "In dieser Zeile stehen mehr Zellen, als es Spalten gibt. Vielleicht ist ein Komma oder Semikolon zu viel.",
        ),
        (4, "Runde 1", "Hier steht dieselbe Gruppe zweimal. Bitte nennen Sie jede nur einmal."),
    ]


def test_an_apostrophe_before_a_sign_and_a_lone_dash_mean_nothing(conference: Conference) -> None:
    found = judge(conference, "Name;Kommt als;Telefon;Einrichtung", "Ü;Politik;'+49 209 123;-")

    assert faults(found) == []
    details = found.verdicts[0].household.details
    assert (details.contact, details.organisation) == ("+49 209 123", "")


KNOWN = (
    "„Haushalt“, „Name“, „Kommt als“, „Einrichtung“, „E-Mail“, „Telefon“, „Anschrift“, „Sprache“, „Alter“, "
    "„Runde 1“, „Runde 2“"
)


@pytest.mark.parametrize(
    ("header", "row", "sentence"),
    [
        (
            "Kommt als;Rollstuhl",
            "Politik;ja",
            f"Die Spalte B heißt „Rollstuhl“. Diese Spalte kennen wir nicht. Bekannt sind: {KNOWN}. "
            "Bitte benennen Sie die Spalte um oder löschen Sie sie.",
        ),
        (
            "Kommt als;Runde 3",
            "Politik;1",
            f"Die Spalte B heißt „Runde 3“. Diese Spalte kennen wir nicht. Bekannt sind: {KNOWN}. "
            "Bitte benennen Sie die Spalte um oder löschen Sie sie.",
        ),
        (
            "Name;E-Mail",
            "A;a@post.example",
            "Die Spalte „Kommt als“ fehlt. Ohne sie wissen wir nicht, als was jemand teilnimmt. "
            "Gefunden haben wir in Zeile 1: „Name“, „E-Mail“.",
        ),
        (
            "Kommt als;Telefon;Handy",
            "Politik;1;2",
            "Die Spalten B und C heißen beide „Telefon“ oder meinen dasselbe. "
            "Bitte lassen Sie nur eine davon stehen.",
        ),
        (
            "Kommt als;;",
            "Politik;;x",
            "Die Spalte C hat keine Überschrift, aber in Zeile 2 steht dort etwas. "
            "Bitte geben Sie ihr eine Überschrift oder löschen Sie sie.",
        ),
    ],
    ids=["unknown", "unknown round", "missing", "twice", "nameless"],
)
def test_a_wrong_column_is_named_and_nothing_is_kept(
    conference: Conference, header: str, row: str, sentence: str
) -> None:
    with pytest.raises(TableRefused) as caught:
        judge(conference, header, row)

    assert str(caught.value) == sentence
    assert registration_imports.latest(conference) == []
