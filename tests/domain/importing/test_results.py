"""What a file says of contributions, topics, minutes and recommendations, and how it meets the application."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import db, metadata, transaction
from app.domain import contributions, import_records, moderation, search, secrets
from app.domain.contributions import Words
from app.domain.importing import FileRefused
from app.models import (
    Contribution,
    ContributionChannel,
    ContributionKind,
    ContributionStatus,
    ModerationDecision,
    Recommendation,
    RecommendationStatus,
    RejectionReason,
    Topic,
    TranslatedBy,
)
from tests import make
from tests.domain.importing.rheine import (
    TEXT,
    changed,
    findings,
    imported,
    rows,
    without_line,
)
from tests.domain.importing.test_importing import the_conference


def contribution(key: str) -> Contribution:
    return db.session.scalars(select(Contribution).where(Contribution.key == key)).one()


def recommendation(key: str) -> Recommendation:
    return db.session.scalars(select(Recommendation).where(Recommendation.key == key)).one()


def refusal(text: str) -> str:
    before = rows()
    with pytest.raises(FileRefused) as error:
        imported(text)
    assert rows() == before
    return str(error.value)


def hand_in(text: str) -> Contribution:
    return contributions.hand_in(the_conference(), Words(text), submission=text * 4, by_staff=True)[0]


KITA = 'status: published, text: "Beratung in der Kita, da bin ich sowieso jeden Tag."'

# What is replaced, by what, and where it must be noticed: field path and a part of the sentence.
MISTAKES = [
    ("duplicate_of: I28", "duplicate_of: I99", "contributions[41].duplicate_of", "ein anderer Beitrag"),
    ("duplicate_of: I28", "duplicate_of: I44", "contributions[41].duplicate_of", "der veröffentlicht ist"),
    (
        "evidence: [I05, I07",
        "evidence: [I05, I43",
        "recommendations[0].evidence[1]",
        "mit dem Stand rejected",
    ),
    (
        "evidence: [I05, I07",
        "evidence: [I05, I05",
        "recommendations[0].evidence[1]",
        "jeder Beleg nur einmal",
    ),
    ("evidence: [I05", 'evidence: ["minutes:ag9/1"', "recommendations[0].evidence[0]", "ein Protokoll"),
    ("evidence: [I05", 'evidence: ["taken_back:I05"', "recommendations[0].evidence[0]", "ohne „taken_back:“"),
    ("evidence: [I05", 'evidence: ["foto:1"', "recommendations[0].evidence[0]", "ein Beitrag wie I05"),
    ("status: adopted, evidence", "status: beschlossen, evidence", "recommendations[0].status", "adopted"),
    ("status: adopted, evidence", "status: done, evidence", "recommendations[0]", "das Feld „result_de“"),
    (
        'status_note: "Haus',
        'history: [], status_note: "Haus',
        "recommendations[7].status_note",
        "letzten Schritt",
    ),
    ("horizon: medium", "horizon: bald", "recommendations[0].horizon", "short"),
    ("target_date: 2025-12-31", "target_date: 2025-13-31", "recommendations[0].target_date", "ein Datum"),
    ("{id: I02, channel: web", "{id: I01, channel: web", "contributions[1].id", "nicht schon gibt"),
    (
        "{id: I02, channel: web, lang: de",
        "{id: I02, channel: web, lang: qq",
        "contributions[1].lang",
        "den es gibt",
    ),
    ("{id: I02, channel: web", "{id: I02, channel: fax", "contributions[1].channel", "card, web"),
    ("reason_code: insult", "reason_code: doof", "contributions[43].reason_code", "insult"),
    ("forwarded_to: Tiefbauamt", 'forwarded_to: " "', "contributions[44].forwarded_to", "eine Stelle"),
    (
        "Schwimmbad!! 4 Personen = unbezahlbar",
        "x" * 3001,
        "contributions[7].text",
        "3001 Zeichen. Erwartet: höchstens 3000",
    ),
    ("Schwimmbad!! 4 Personen = unbezahlbar", "  ", "contributions[7]", "ohne Text"),
    (
        "withdrawn_at: 2023-06-02, ",
        "translation_de: x, translation_by: human, ",
        "contributions[45].translation_de",
        "zurückgezogen",
    ),
    ("Mobiles Beratungsbüro in", "x" * 200, "recommendations[0].title", "höchstens 200 Zeichen"),
    ('title: "Eine Stelle für alle Infos"', 'title: " "', "clusters[0].title", "ein Titel auf Deutsch"),
    ("{key: c2, title", "{key: c1, title", "clusters[1].key", "nicht schon gibt"),
    ("{group: ag2, round: 1", "{group: ag1, round: 1", "minutes[1].round", "ohne anderes Protokoll"),
    ("participants: 12", "participants: zwölf", "minutes[0].participants", "eine ganze Zahl"),
    (
        "  walk_in_quota: 10",
        "  contributions_close: 2023-06-01\n  walk_in_quota: 10",
        "conference.contributions_close",
        "contributions_open",
    ),
    (
        "  walk_in_quota: 10",
        "  contributions_open: 2023-06-02\n  contributions_close: 2023-06-01\n  walk_in_quota: 10",
        "conference.contributions_close",
        "nicht vor dem Beginn der Beiträge",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "path", "words"), MISTAKES, ids=[f"{m[2]}-{i}" for i, m in enumerate(MISTAKES)]
)
def test_mistake_is_told_with_line_field_and_expectation(old: str, new: str, path: str, words: str) -> None:
    text = changed((old, new))
    line = next(
        number
        for number, (was, now) in enumerate(zip(TEXT.splitlines(), text.splitlines(), strict=False), 1)
        if was != now
    )

    told = [(finding.line, finding.located("rheine.yaml")) for finding in findings(text)]

    assert any(f", {path}: " in sentence and words in sentence for _, sentence in told), told
    assert any(number in (line, line + 1) for number, _ in told), (line, told)


def test_mistakes_in_all_sections_are_one_list_and_change_nothing(app: Flask) -> None:
    imported()
    text = changed(
        ('title: "Eine Stelle für alle Infos"', 'title: " "'),
        ("{id: I12, channel: web", "{id: I11, channel: web"),
        ("participants: 12", "participants: 17"),
        ("evidence: [I05", "evidence: [I43"),
        ("status: adopted, evidence", "status: fertig, evidence"),
    )

    told = refusal(text).splitlines()

    assert [sentence.split(": ")[0].split(", ")[-1] for sentence in told] == [
        "clusters[0].title",
        "contributions[11].id",
        "minutes[0].participants",
        "recommendations[0].evidence[0]",
        "recommendations[0].status",
    ]


def test_contributions_come_with_words_decisions_and_numbers(app: Flask) -> None:
    imported()

    found = list(db.session.scalars(select(Contribution)))
    by_key = {row.key: row for row in found}
    assert len(found) == 48
    public = sorted((row for row in found if row.is_public), key=lambda row: row.number or 0)
    assert [row.number for row in public] == list(range(1, 44))
    assert [row.key for row in public] == sorted(row.key or "" for row in public)
    assert the_conference().last_contribution_number == 43
    assert (by_key["I04"].language, by_key["I04"].german_by) == ("tr", TranslatedBy.HUMAN)
    assert (by_key["I34"].german_by, by_key["I34"].german_reviewed) == (TranslatedBy.MACHINE, False)
    assert by_key["I42"].duplicate_of is by_key["I28"]
    assert by_key["I43"].rejection_reason is RejectionReason.PERSONAL_DATA
    assert by_key["I43"].reply.startswith("Wir haben Ihre Idee gelesen.")
    assert (by_key["I43"].answer, by_key["I45"].forwarded_to) == ("", "Tiefbauamt")
    assert (by_key["I46"].text, str(by_key["I46"].decided_on)) == (None, "2023-06-02")
    assert (by_key["I47"].status, by_key["I47"].decided_on) == (ContributionStatus.IN_REVIEW, None)
    assert by_key["I21"].working_group_id is None
    assert by_key["I21"].topic is not None
    assert by_key["I21"].topic.working_group_id is None
    assert {str(row.received_on) for row in found} == {"2023-05-25"}
    assert {str(row.decided_on) for row in public} == {"2023-07-14"}
    assert {row.code_digest for row in found} == {None}
    decisions = db.session.scalars(select(ModerationDecision))
    assert {decision.staff_member_id for decision in decisions} == {None}


def test_ids_say_nothing_about_the_order_of_the_file(app: Flask) -> None:
    imported()

    ids = list(db.session.scalars(select(Contribution.id).order_by(Contribution.key)))

    assert ids != sorted(ids)
    assert min(abs(one - other) for one, other in pairwise(ids)) > 1_000_000


def test_only_what_is_public_can_be_found(app: Flask) -> None:
    imported()

    words = {row.key: row.search_words for row in db.session.scalars(select(Contribution))}

    assert search.index(("Schwimmbad", "de")).split()[0] in words["I08"]
    assert sorted(key for key, found in words.items() if not found) == ["I43", "I44", "I45", "I46", "I47"]


def test_recommendations_come_with_evidence_and_one_step_each(app: Flask) -> None:
    imported()

    first, stopped, done = (recommendation(key) for key in ("E01", "E15", "E05"))
    assert (first.number, first.status, first.lead) == (
        1,
        RecommendationStatus.ADOPTED,
        "Fachbereich Soziales",
    )
    grounds = [found.contribution or found.topic for found in first.evidence]
    assert [ground and ground.key for ground in grounds] == ["I05", "I07", "I17", "I18", "I36", "I41", "c7"]
    assert [(str(step.happened_on), step.text) for step in stopped.history] == [
        ("2023-07-14", "Kein Raum gefunden; weiter in E01 prüfen (Demo)")
    ]
    assert (
        [step.text for step in done.history] == [done.result] == ["43 Aushangorte seit Herbst 2023 (Demo)."]
    )
    assert db.session.scalar(select(func.count()).select_from(Recommendation)) == 15
    assert all(row.is_public for row in db.session.scalars(select(Recommendation)))


def test_recommendation_only_collected_is_not_public(app: Flask) -> None:
    imported(changed(("status: drafted, evidence", "status: collected, evidence")))

    assert not recommendation("E04").is_public
    assert recommendation("E01").is_public


def test_days_and_numbers_of_the_file_win(app: Flask) -> None:
    imported(
        changed(
            (KITA, f"number: 99, received_on: 2023-05-11, decided_on: 2023-05-12, {KITA}"),
            ("{id: E02, ", "{id: E02, number: 20, public: false, "),
        )
    )

    row = contribution("I17")
    assert (row.number, str(row.received_on), str(row.decided_on)) == (99, "2023-05-11", "2023-05-12")
    assert [contribution(key).number for key in ("I16", "I18")] == [16, 17]
    assert (recommendation("E02").number, recommendation("E02").is_public) == (20, False)
    assert [recommendation(key).number for key in ("E01", "E03")] == [1, 2]
    assert the_conference().last_contribution_number == 99


def test_work_done_in_the_application_survives_a_file_that_changed_elsewhere(app: Flask) -> None:
    imported()
    moderation.publish(contribution("I47"))
    moderation.answer(contribution("I08"), "Von Hand")
    with transaction():
        recommendation("E01").title = "Von Hand"
    voice = hand_in("Von einer Bewohnerin")

    report = imported(changed(("title: Familien-App", "title: App"), ("unbezahlbar", "zu teuer")))

    assert contribution("I08").text == "Schwimmbad!! 4 Personen = zu teuer"
    assert contribution("I08").answer == "Von Hand"
    assert (contribution("I47").status, contribution("I47").number) == (ContributionStatus.PUBLISHED, 44)
    assert recommendation("E01").title == "Von Hand"
    assert db.session.get(Contribution, voice.id) is not None
    assert report.counts["Beiträge"] == {"geändert": 1, "unverändert": 47}
    assert report.counts["Handlungsempfehlungen"] == {"unverändert": 15}


def test_decision_of_a_changed_file_is_written_and_noted(app: Flask) -> None:
    imported()

    imported(
        changed(
            ("status: in_review, text", "status: published, text"),
            (KITA, KITA.replace("published", "rejected, reason_code: off_topic")),
            ("I07, I17, I18", "I07, I18"),
        )
    )

    assert (contribution("I47").status, contribution("I47").number) == (ContributionStatus.PUBLISHED, 44)
    kita = contribution("I17")
    assert (kita.status, kita.number, kita.search_words) == (ContributionStatus.REJECTED, 17, "")
    assert [found.contribution and found.contribution.key for found in recommendation("E01").evidence] == [
        *("I05", "I07", "I18", "I36", "I41", None)
    ]


def test_new_status_of_a_recommendation_is_one_more_step(app: Flask) -> None:
    imported()
    before = list(recommendation("E07").history)

    imported(
        changed(
            ("status: submitted, evidence: [I08", "status: adopted, status_note: Einstimmig, evidence: [I08")
        )
    )

    found = recommendation("E07")
    assert found.status is RecommendationStatus.ADOPTED
    assert [(step.status, step.text) for step in found.history] == [
        *((step.status, step.text) for step in before),
        (RecommendationStatus.ADOPTED, "Einstimmig"),
    ]


def test_what_vanishes_goes_unless_something_hangs_on_it(app: Flask) -> None:
    imported()

    report = imported(without_line("- {id: I12,", without_line("- {id: E15,")))

    assert report.counts["Beiträge"] == {"unverändert": 47, "entfernt": 1}
    assert report.counts["Handlungsempfehlungen"] == {"unverändert": 14, "entfernt": 1}
    assert contribution("I13").number == 13
    assert hand_in("x").number is None


def test_topic_in_which_a_contribution_of_the_application_lies_stays(app: Flask) -> None:
    imported()
    topic = db.session.scalars(select(Topic).where(Topic.key == "c4")).one()
    moderation.arrange(hand_in("Neu"), topic_id=topic.id, working_group_id=None)
    text = changed((', "cluster:c4"', ""), ("c3, c4, c5", "c3, c5"), (", c4: 12", ""))
    text = without_line("- {key: c4,", text.replace("cluster: c4", "cluster: c3"))

    assert "das Themenbündel „c4“: In der Anwendung liegen Beiträge darin" in refusal(text)


def test_contribution_with_a_decision_of_staff_does_not_vanish(app: Flask) -> None:
    imported()
    moderation.reject(contribution("I12"), RejectionReason.OFF_TOPIC, "Danke.", by=make.staff_member())

    assert "den Beitrag I12: In der Anwendung hängt etwas an ihm." in refusal(without_line("- {id: I12,"))


def test_number_somebody_else_has_in_the_application_is_refused(app: Flask) -> None:
    imported()
    moderation.publish(hand_in("Neu"))

    told = refusal(changed(("{id: I47,", "{id: I47, number: 44,")))

    assert "contributions[46].number: Gefunden: die Nummer 44." in told


def test_swapping_original_and_duplicate_is_written(app: Flask) -> None:
    imported()
    beginning = "{id: I28, channel: web, lang: de, group: ag1, sr: SR03, kind: idea, cluster: c1, status:"

    imported(
        changed(
            (f"{beginning} published", f"{beginning} duplicate, duplicate_of: I42"),
            ("status: duplicate, duplicate_of: I28", "status: published"),
        )
    )

    assert contribution("I28").duplicate_of is contribution("I42")
    assert (contribution("I28").number, contribution("I42").number) == (28, 42)
    assert contribution("I42").status is ContributionStatus.PUBLISHED


def test_whole_file_changes_back_and_forth(app: Flask) -> None:
    imported()

    def state() -> list[tuple[object, ...]]:
        ordered = db.session.scalars(select(Contribution).order_by(Contribution.key))
        return [(row.key, row.number, row.text, row.status) for row in ordered]

    before = state()

    imported(changed(("unbezahlbar", "teuer"), ("status: in_review, text", "status: received, text")))
    imported(TEXT + "# zurück\n")

    assert state() == before
    assert contribution("I08").channel is ContributionChannel.CARD
    assert contribution("I08").kind is ContributionKind.IDEA


def test_file_of_a_version_that_carried_less_is_read_once_more(app: Flask) -> None:
    imported()
    with transaction():
        for table in ("evidence", "status_update", "recommendation", "moderation_decision", "contribution"):
            db.session.execute(metadata.tables[table].delete())
        stored = import_records.last(the_conference().id)
        assert stored is not None
        record, remembered = stored
        applied = {
            name: marks
            for name, marks in remembered["applied"].items()
            if not name.startswith(("contribution/", "recommendation/"))
        }
        earlier = {**remembered, "format": 1, "applied": applied}
        record.kept = secrets.encrypt(json.dumps(earlier))

    report = imported()

    assert not report.unchanged
    assert report.counts["Beiträge"] == {"neu": 48}
    assert report.counts["Themenbündel"] == {"unverändert": 8}
    assert imported().unchanged


def test_a_thousand_cards_are_read_at_once(app: Flask) -> None:
    card = (
        "{{id: X{0}, channel: card, lang: de, kind: idea, status: duplicate, duplicate_of: I01, text: Karte}}"
    )
    more = "".join(f"  - {card.format(number)}\n" for number in range(1_000))

    imported(changed(("contributions:\n", "contributions:\n" + more)))

    assert db.session.scalar(select(func.count()).select_from(Contribution)) == 1_048
    assert contribution("X0").duplicate_of is contribution("I01")
    assert (contribution("X0").number, contribution("I01").number) == (1, 1_001)
