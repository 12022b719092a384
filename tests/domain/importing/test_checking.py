"""The Rheine file broken in many ways: each mistake is found at its line and field, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from app.domain.importing import schema
from app.domain.importing.findings import FileRefused
from app.domain.importing.reading import read
from tests.domain.importing.rheine import TEXT, changed, findings, line_of, without_line

LINES = TEXT.splitlines(keepends=True)

# What is replaced, by what, and where it must be noticed: field path and a part of the sentence.
MUTATIONS: list[tuple[str, str, str, str]] = [
    # the schema
    ("schema: sozialraumkonferenz-demo/1", "schema: sozialraum/9", "schema", "sozialraumkonferenz/1"),
    ("  key: rheine-2023", "  key: Rheine 2023", "conference.key", "kleinen Buchstaben"),
    ("{key: rheine,", "{key: Rheine,", "municipality.key", "kleinen Buchstaben"),
    ("kind: city_conference", "kind: city_conferenc", "conference.kind", "Meinten Sie „city_conference“?"),
    ("status: published\n", "status: veröffentlicht\n", "conference.status", "published"),
    (
        "capacity: 16",
        "capacity: sechzehn",
        "working_groups[0].capacity",
        "„sechzehn“. Erwartet: eine ganze Zahl",
    ),
    ("capacity: 16", "capacity: -1", "working_groups[0].capacity", "eine ganze Zahl ab 0"),
    ("capacity: 16", "capacity: 16.0", "working_groups[0].capacity", "eine ganze Zahl ab 0"),
    ("capacity: 110", 'capacity: "110"', "conference.capacity", "eine ganze Zahl"),
    ("capacity: 110", "capacity: 999999999", "conference.capacity", "höchstens 100000"),
    ("title: Familien-App", "title: 5", "working_groups[0].title", "in Anführungszeichen"),
    ("title: Familien-App", "title: {ar: x}", "working_groups[0].title", "kein Feld „de“"),
    ("title: Familien-App", "title: {de: x, ARA: y}", "working_groups[0].title.ARA", "ein Sprachcode"),
    (
        "title: Familien-App",
        f"title: {'x' * 301}",
        "working_groups[0].title",
        "mit 301 Zeichen. Erwartet: höchstens 300",
    ),
    ("title: Familien-App", 'title: "a\\nb"', "working_groups[0].title", "ein Text in einer Zeile"),
    ("title: Familien-App", 'title: "  "', "working_groups[0].title", "ein Titel auf Deutsch"),
    ("teaser: ", f"teaser: {'ä' * 20_001}  # ", "conference.texts.de.teaser", "höchstens 20000 Zeichen"),
    ("step_free: true", "step_free: ja", "conference.venue.step_free", "true oder false"),
    ('start: "16:30"', "start: 16:70", "agenda[0].start", "eine Uhrzeit"),
    ("date: 2023-05-25", "date: 25.05.2023", "conference.date", "ein Datum wie"),
    (
        "registration_opens: 2023-04-17",
        "registration_opens: 2023-04-31",
        "conference.registration_opens",
        "ein Datum",
    ),
    ('"2023-05-25T16:30:00+02:00"', '"0001-01-01T00:00"', "conference.starts_at", "Datum und Uhrzeit wie"),
    (
        "registration_closes: 2023-05-22",
        "registration_closes: 9999-12-31",
        "conference.registration_closes",
        "ein Datum",
    ),
    (
        "languages: [de, de-x-ls, tr, ar, uk, en]",
        "languages: []",
        "conference.languages",
        "Sprachcodes, de ist dabei",
    ),
    ("title: Familien-App", "title: [1]", "working_groups[0].title", "oder Übersetzungen wie"),
    ('title: "Begrüßung"', 'title: " "', "agenda[1].title", "ein Titel auf Deutsch"),
    ('"Wie bleibt die App aktuell?"', '" "', "working_groups[0].questions[1]", "eine Frage auf Deutsch"),
    ('text: "Schwimmbad!! 4 Personen = unbezahlbar"', "text: null", "contributions[7]", "ohne Text"),
    ("channel: outreach, outreach: et-1", "channel: outreach", "contributions[3]", "das Feld „outreach“"),
    ("c1: 27", "c1: 123", "dot_polls[0].results.c1", "höchstens 122 (61 Menschen mit je 2 Punkten)"),
    ("languages: [de,", "languages: [de, de,", "conference.languages", "nur einmal"),
    ("languages: [de,", "languages: [de, Deutsch,", "conference.languages[1]", "ein Sprachcode"),
    ("party_size: 1", "party_size: 0", "registrations[0].party_size", "eine ganze Zahl von 1 bis 50"),
    ("party_size: 1", "party_size: 51", "registrations[0].party_size", "höchstens 50"),
    ("code: BAUM-47", 'code: "BAUM 47"', "registrations[0].code", "ein Code wie BAUM-47"),
    ("channel: phone, role", "channel: fax, role", "registrations[0].channel", "web, phone"),
    (
        "needs: [{type: access",
        "needs: [{art: access",
        "registrations[0].needs[0].art",
        "das unbekannte Feld „art“",
    ),
    ("assigned: {1: ag4", "assigned: {eins: ag4", "registrations[0].assigned.eins", "die Nummer einer Runde"),
    ("contact: {type: phone}", "contact: phone", "registrations[0].contact", "ein Block mit Unterfeldern"),
    ("kind: idea, cluster: c1", "kind: Idee, cluster: c1", "contributions[0].kind", "idea"),
    ("outcome: null", "outcome: egal", "council_papers[0].outcome", "noted"),
    ("feedback: {", "feedback: {frage: gut, ", "feedback.frage", "eine Zahl"),
    ("email: sozialplanung@", "email: sozialplanung(at)", "conference.contact.email", "E-Mail-Adresse"),
    # times
    ('"2023-05-25T16:30:00+02:00"', '"2023-05-25T16:30:00+01:00"', "conference.starts_at", "mit +02:00"),
    ('"2023-05-25T16:30:00+02:00"', '"2023-03-26T02:30"', "conference.starts_at", "Sommerzeit"),
    ('"2023-05-25T16:30:00+02:00"', '"2023-02-30T16:30"', "conference.starts_at", "die es gibt"),
    (
        '"2023-05-25T20:00:00+02:00"',
        '"2023-05-25T16:00:00+02:00"',
        "conference.ends_at",
        "ein Ende nach dem Beginn",
    ),
    ("  date: 2023-05-25", "  date: 2023-05-26", "conference.date", "der Tag des Beginns"),
    (
        "registration_opens: 2023-04-17",
        "registration_opens: 2023-05-26",
        "conference.registration_opens",
        "nicht nach",
    ),
    (
        "registration_closes: 2023-05-22",
        "registration_closes: 2023-04-16",
        "conference.registration_closes",
        "nicht vor",
    ),
    ('start: "17:00"', 'start: "16:50"', "agenda[1].start", "Ende des Punktes davor (17:00 Uhr)"),
    ('start: "16:30"', 'start: "16:20"', "agenda[0].start", "nicht vor dem Beginn der Konferenz"),
    ('end: "20:00"', 'end: "20:10"', "agenda[8].end", "nicht nach dem Ende der Konferenz"),
    ('end: "17:10"', 'end: "17:00"', "agenda[1].end", "nach dem Beginn (17:00 Uhr)"),
    # rounds, groups, seats
    ("round: 2, title", "round: 1, title", "agenda[6].round", "nicht schon gibt (Zeile 53)"),
    ("kind: break,", "kind: break, round: 3,", "agenda[5].round", "kein Feld „round“"),
    ("kind: group_round, round: 2", "kind: group_round", "agenda[6]", "das Feld „round“"),
    ("poll: poll-1", "poll: poll-9", "agenda[7].poll", "eine Punktabfrage"),
    ("- key: ag2", "- key: ag1", "working_groups[1].key", "nicht schon gibt"),
    (
        "capacity: 18",
        "capacity: {1: 18, 2: 18, 3: 1}",
        "working_groups[2].capacity.3",
        "eine Runde aus dem Ablauf",
    ),
    (
        "interpreter_languages: [ar]",
        "interpreter_languages: [xx]",
        "working_groups[3].interpreter_languages[0]",
        "den es gibt",
    ),
    (
        "capacity: 20",
        "capacity: {1: 20, 2: 3}",
        "working_groups[3].capacity.2",
        "3 Plätze und 4 Menschen in Runde 2",
    ),
    ("walk_in_quota: 10", "walk_in_quota: 111", "conference.walk_in_quota", "höchstens so viele"),
    ("languages: [de, de-x-ls", "languages: [de-x-ls", "conference.languages", "auch de"),
    ("code: FISCH-12", "code: BAUM-47", "registrations[1].code", "nicht schon gibt (Zeile 114)"),
    (
        "group_wishes: [ag4, ag1]",
        "group_wishes: [ag4, ag7]",
        "registrations[1].group_wishes[1]",
        "eine Arbeitsgruppe",
    ),
    ("assigned: {1: ag4", "assigned: {1: ag9", "registrations[0].assigned.1", "(ag1, ag2, ag3 oder ag4)"),
    (
        "assigned: {1: ag4",
        "assigned: {3: ag4",
        "registrations[0].assigned.3",
        "eine Runde, in der die Gruppe tagt",
    ),
    (
        "status: cancelled",
        "status: cancelled, assigned: {1: ag1}",
        "registrations[11].assigned.1",
        "bei einer Absage",
    ),
    ("waitlist_position: 1", "age_band: x", "registrations[13]", "waitlist_position"),
    (
        "status: no_show",
        "status: no_show, waitlist_position: 1",
        "registrations[10].waitlist_position",
        "waitlisted",
    ),
    ("status: waitlisted", "status: waitlisted, assigned: {1: ag1}", "registrations[13].assigned", "waiting"),
    (
        "social_space: SR01, party",
        "social_space: SR99, party",
        "registrations[0].social_space",
        "ein Sozialraum",
    ),
    (
        "language: ar, social",
        "language: qq, social",
        "registrations[1].language",
        "ein Sprachcode, den es gibt",
    ),
    (
        "consents: {photo_doc",
        "consents: {foto: true, photo_doc",
        "registrations[0].consents.foto",
        "eine Einwilligung",
    ),
    (
        "consent_withdrawn: {photo_doc",
        "consent_withdrawn: {photo_web: 2023-06-01, photo_doc",
        "registrations[9].consent_withdrawn.photo_web",
        "dieser Anmeldung",
    ),
    (
        "contact: {type: none}",
        "contact: {type: none, value: x}",
        "registrations[3].contact.value",
        "trotz type: none",
    ),
    (
        "contact: {type: none}",
        "contact: {type: email, value: x}",
        "registrations[3].contact.value",
        "E-Mail-Adresse",
    ),
    # what is kept
    ("{key: armut, title", "{key: ag1, title", "cross_topic.key", "keine Arbeitsgruppe"),
    ("preticked: false", "preticked: true", "registration_form.consents[0].preticked", "nicht angekreuzt"),
    (
        "preticked: false",
        "preticked: false, note: x, required: true",
        "registration_form.consents[0].required",
        "zweimal",
    ),
    ("required: [role_group]", "required: [rolle]", "registration_form.required[0]", "eine Frage"),
    ("{key: food, type", "{key: dgs, type", "registration_form.questions[10].key", "nicht schon gibt"),
    (
        "options: [ag1, ag2,",
        "options: [ag0, ag2,",
        "registration_form.questions[5].options[0]",
        "eine Arbeitsgruppe",
    ),
    (
        "guests: 6, social_space: SR02",
        "guests: 6, social_space: SR77",
        "outreach[0].social_space",
        "ein Sozialraum",
    ),
    ("group: ag1}\n  - {key: c2", "group: ag5}\n  - {key: c2", "clusters[0].group", "eine Gruppe"),
    ("sr: SR02, kind: idea", "sr: SR20, kind: idea", "contributions[0].sr", "ein Sozialraum"),
    ("kind: idea, cluster: c1", "kind: idea, cluster: c99", "contributions[0].cluster", "ein Themenbündel"),
    ("outreach: et-1", "outreach: et-9", "contributions[3].outreach", "ein Gespräch"),
    ("{id: I02", "{id: I01", "contributions[1].id", "nicht schon gibt"),
    ("duplicate_of: I28", "duplicate_of: I42", "contributions[41].duplicate_of", "ein anderer Beitrag"),
    ("reason_code: insult, ", "", "contributions[43]", "reason_code"),
    ("forwarded_to: Tiefbauamt, ", "", "contributions[44]", "forwarded_to"),
    (
        "withdrawn_at: 2023-06-02, text: null",
        "withdrawn_at: 2023-06-02, text: x",
        "contributions[45].text",
        "zurückgezogen",
    ),
    ("translation_by: human}", "note: x}", "contributions[3]", "translation_by"),
    ("items: [c1,", "items: [c0,", "dot_polls[0].items[0]", "ein Themenbündel"),
    ("c7: 52", "c7: 55", "dot_polls[0].results", "245 Punkte"),
    ("participants: 20", "participants: 21", "minutes[3].participants", "so viele Menschen wie Plätze (20)"),
    (
        "{group: ag1, round: 1",
        "{group: ag1, round: 3",
        "minutes[0].round",
        "eine Runde, in der die Gruppe tagt",
    ),
    ("{group: ag2, round: 1", "{group: ag8, round: 1", "minutes[1].group", "eine Arbeitsgruppe"),
    (
        '"cluster:c7", "indicator:sgb2_rate"',
        '"cluster:c0"',
        "recommendations[0].evidence[6]",
        "ein Themenbündel",
    ),
    ("evidence: [I05", "evidence: [I99", "recommendations[0].evidence[0]", "ein Beitrag"),
    ("evidence: [I05", "evidence: [I46", "recommendations[0].evidence[0]", "mit dem Stand withdrawn"),
    ('result_de: "43', 'note: "43', "recommendations[4]", "result_de"),
    ("{id: E02", "{id: E01", "recommendations[1].id", "nicht schon gibt"),
    ("sr: [SR01, SR02, SR06]", "sr: [SR01, SR02, SR66]", "recommendations[0].sr[2]", "ein Sozialraum"),
    (
        "recommendations: [E06",
        "recommendations: [E66",
        "council_papers[1].recommendations[0]",
        "eine Empfehlung",
    ),
    (
        "linked_recommendations: [E01]",
        "linked_recommendations: [E00]",
        "follow_up.conference.linked_recommendations[0]",
        "eine Empfehlung",
    ),
]


def path_of(finding: Any) -> str:
    return FileRefused("x", [finding]).findings[0].located("x").split(": ")[0].split(", ")[-1]


def test_check_rheine_as_it_is_finds_nothing() -> None:
    assert findings(TEXT) == []


def test_schema_is_a_json_schema_of_its_draft() -> None:
    Draft202012Validator.check_schema(schema.conference())


@pytest.mark.parametrize(
    ("old", "new", "path", "words"), MUTATIONS, ids=[f"{m[2]}-{i}" for i, m in enumerate(MUTATIONS)]
)
def test_check_one_mistake_names_line_field_and_expectation(
    old: str, new: str, path: str, words: str
) -> None:
    text = changed((old, new))

    found = findings(text)

    told = [finding.located("rheine.yaml") for finding in found]
    line = next(
        number
        for number, (was, is_now) in enumerate(zip(LINES, text.splitlines(True), strict=False), 1)
        if was != is_now
    )
    assert any(f", {path}" in sentence and words in sentence for sentence in told), told
    assert any(finding.line == line for finding in found), (line, told)


def test_check_missing_field_is_told_at_the_entry_that_lacks_it() -> None:
    found = findings(changed(("    capacity: 18\n", "")))

    assert [finding.located("rheine.yaml") for finding in found] == [
        f"rheine.yaml, Zeile {line_of('- key: ag3')}, working_groups[2]: Gefunden: kein Feld „capacity“. "
        "Erwartet: das Feld „capacity“, es ist Pflicht."
    ]


def test_check_misspelt_field_suggests_the_right_one() -> None:
    found = findings(changed(("facilitator_role:", "facilitator_rolle:")))

    assert len(found) == 1
    assert found[0].hint == "Meinten Sie „facilitator_role“?"


def test_check_section_missing() -> None:
    text = TEXT[: TEXT.index("\nagenda:")] + TEXT[TEXT.index("\nworking_groups:") :]

    assert any("kein Feld „agenda“" in finding.sentence() for finding in findings(text))


def test_check_many_mistakes_are_told_together_in_the_order_of_lines() -> None:
    text = changed(
        ("evidence: [I05", "evidence: [I99"),
        ("capacity: 16", "capacity: viele"),
        ("kind: city_conference", "kind: stadt"),
        ("assigned: {1: ag4", "assigned: {1: ag9"),
        ('start: "17:00"', 'start: "16:50"'),
    )

    found = findings(text)

    assert [finding.line for finding in found] == [
        line_of("kind: stadt", text),
        line_of('start: "16:50"', text),
        line_of("capacity: viele", text),
        line_of("{1: ag9", text),
        line_of("[I99", text),
    ]


def test_check_more_than_a_hundred_mistakes_says_how_many_more() -> None:
    text = TEXT.replace("status: published, text", "status: fertig, text").replace(
        "status: attended", "status: da"
    )
    text = text.replace("cluster: c", "cluster: z").replace("sr: SR0", "sr: SR9")

    refused = FileRefused("rheine.yaml", findings(text))

    assert len(refused.findings) > 100
    assert str(refused).splitlines()[-1] == (
        f"… und {len(refused.findings) - 100} weitere Fehler. Beheben Sie zuerst die genannten."
    )


def test_check_capacity_below_assigned_seats_names_group_and_numbers() -> None:
    found = findings(
        changed(("    capacity: 20", "    capacity: 2"), ("participants: 20", "participants: 1"))
    )

    assert [finding.found for finding in found] == [
        "2 Plätze und 3 Menschen in Runde 1 („ag4“)",
        "2 Plätze und 4 Menschen in Runde 2 („ag4“)",
    ]


def test_check_more_people_than_places_at_the_conference() -> None:
    found = findings(changed(("capacity: 110", "capacity: 13"), ("walk_in_quota: 10", "walk_in_quota: 0")))

    assert [finding.found for finding in found] == ["13 Plätze und 14 angemeldete Menschen"]


def test_check_questions_are_translated_all_or_none() -> None:
    found = findings(changed(('"Wie bleibt die App aktuell?"', '{de: "Wie?", ar: "كيف؟"}')))

    assert [(finding.path[-1], finding.found) for finding in found] == [
        (0, "keine Übersetzung „ar“"),
        (2, "keine Übersetzung „ar“"),
    ]


def test_check_seat_and_queue_in_the_same_round_is_refused() -> None:
    found = findings(changed(("assigned: {1: ag4, 2: ag4}", "assigned: {1: ag4, 2: ag4}, waiting: {1: ag1}")))

    assert [finding.sentence() for finding in found] == [
        "Gefunden: Platz und Warteliste in Runde 1. Erwartet: eine Gruppe je Runde."
    ]


def test_check_same_place_in_a_queue_twice_is_refused() -> None:
    text = changed(("status: no_show", "status: waitlisted, waitlist_position: 1"))

    found = findings(text)

    assert [finding.line for finding in found] == [line_of("REGEN-16")]
    assert f"(Zeile {line_of('NEBEL-05')})" in found[0].expected


def test_check_room_without_venue_is_refused() -> None:
    found = findings(without_line("venue: {name"))

    assert [finding.path for finding in found] == [("working_groups", index, "room") for index in range(4)]


@pytest.mark.parametrize("key", ["static", "verwaltung", "ar"])
def test_check_host_key_of_the_product_is_refused(key: str) -> None:
    assert [finding.path for finding in findings(changed(("{key: rheine,", f"{{key: {key},")))] == [
        ("municipality", "key")
    ]


def test_check_conference_key_of_a_page_of_the_host_is_refused() -> None:
    assert [finding.path for finding in findings(changed(("  key: rheine-2023", "  key: impressum")))] == [
        ("conference", "key")
    ]


def test_check_light_colour_is_refused() -> None:
    found = findings(changed(("{key: rheine,", '{key: rheine, accent_colour: "#ffee00",')))

    assert [finding.sentence() for finding in found] == [
        "Gefunden: „#ffee00“. Erwartet: eine dunklere Farbe, auf der weiße Schrift lesbar ist."
    ]


def test_check_logo_must_be_a_picture_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "kein-bild.png").write_bytes(b"<svg/>")
    text = {
        name: changed(("{key: rheine,", f"{{key: rheine, logo: {name},"))
        for name in ("fehlt.png", "kein-bild.png", "../geheim.png", "/etc/passwd")
    }

    expected = {name: [finding.expected for finding in findings(text[name], tmp_path)] for name in text}

    assert expected == {
        "fehlt.png": ["eine Bilddatei im selben Ordner"],
        "kein-bild.png": ["ein Bild in PNG, JPEG, WebP oder GIF"],
        "../geheim.png": ["der Name einer Datei im selben Ordner"],
        "/etc/passwd": ["der Name einer Datei im selben Ordner"],
    }


def test_check_broken_file_of_spaces_is_told(tmp_path: Path) -> None:
    (tmp_path / "sozialraeume.geojson").write_text(json.dumps({"features": [{}]}), encoding="utf-8")

    assert [finding.path for finding in findings(TEXT, tmp_path)] == [("social_spaces_file",)]


def test_check_found_text_shows_what_cannot_be_seen() -> None:
    found = findings(changed(("kind: city_conference", 'kind: "\u202ecity\u200f👩‍🦽"')))

    assert found[0].found == "„\\u202ecity\\u200f👩\\u200d🦽“"


def test_check_html_and_sql_are_text_like_any_other() -> None:
    text = changed(
        ("title: Familien-App", "title: \"<script>alert('x')</script>'); DROP TABLE host;--\""),
        ('motto: "Miteinander', 'motto: "\u202eمرحبا\u200f 👩🏽‍🦽 Miteinander'),
    )

    assert findings(text) == []


BASE = read("rheine.yaml", TEXT.encode())
# Each example reads a whole file: making a failing one smaller would take minutes and tell little more.
QUICKLY = (Phase.explicit, Phase.reuse, Phase.generate)
# Notes may hold anything; so may the value of a need.
FREE = ("source", "note", "notice_de", "fictitious", "real", "test_note", "status_note", "value")
LEAVES = [
    path
    for path in BASE.lines
    if path and not any(str(part) in FREE or str(part).endswith(("_source", "_invented")) for part in path)
]


def with_junk(path: tuple[Any, ...], junk: Any) -> str:
    value = json.loads(json.dumps(BASE.value))
    inner = value
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = junk
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICKLY)
@given(path=st.sampled_from(LEAVES), junk=st.sampled_from([{"unsinn": [1]}, [[{"x": None}]]]))
def test_check_junk_anywhere_is_found_there(path: tuple[Any, ...], junk: Any) -> None:
    text = with_junk(path, junk)
    line = read("rheine.yaml", text.encode()).line(path)

    found = findings(text)

    assert any(
        finding.path[: len(path)] == path and (finding.line or 0) >= (line or 0) for finding in found
    ), (
        path,
        [finding.located("x") for finding in found],
    )


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICKLY)
@given(data=st.data())
def test_check_damaged_text_never_fails_otherwise(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(lines) - 1))
        line = lines[index]
        cut = data.draw(st.integers(0, len(line)))
        lines[index] = data.draw(
            st.sampled_from(
                [
                    "",
                    line + line,
                    line[:cut] + "\n",
                    " " + line,
                    line[:cut] + "}" + line[cut:],
                    line[:cut] + "'" + line[cut:],
                ]
            )
        )
    text = "".join(lines)

    found = findings(text)

    last = text.count("\n") + 2
    assert all(finding.line is None or 1 <= finding.line <= last for finding in found)
    assert all("Erwartet: " in finding.located("rheine.yaml") for finding in found)
