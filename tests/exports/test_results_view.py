"""What a document says: links that lead somewhere, words for what machines call differently, nothing left out."""

from __future__ import annotations

import copy
import re
from itertools import pairwise

import pytest

from app.exports import results_view, results_words
from tests.exports import sample


def test_prepare_leaves_the_snapshot_alone():
    data = sample.second_edition()

    results_view.prepare(data)

    assert data == sample.second_edition()


def test_prepare_speaks_german_on_a_page_in_another_language(app):
    with app.test_request_context("/ar/"):
        document = results_view.prepare(sample.rich())

    assert document.contributions[0]["kind_label"] == "Idee"
    assert document.edition_line == "Ausgabe 1 vom 2. März 2026"
    assert document.conference["day"] == "Donnerstag, 22. Januar 2026"


def test_a_contribution_says_what_became_of_it():
    document = results_view.prepare(sample.rich())
    entries = {entry["number"]: entry for entry in document.contributions}

    became = [(each["words"], each["anchor"], each["directly"]) for each in entries[1]["became"]]
    assert became == [("Empfehlung 1", "empfehlung-1", True), ("Empfehlung 2", "empfehlung-2", False)]
    assert entries[3]["german_note"] == "Von einer Maschine übersetzt, noch nicht geprüft"
    assert entries[4]["german_note"] == "Auf Deutsch"
    assert entries[2]["dir"] == "rtl"
    assert (entries[2]["language"], entries[1]["language"]) == ("Arabisch", "")
    assert entries[3]["owed"] == "1. Februar 2026"
    assert entries[9]["original"] == {"words": "Beitrag 1", "anchor": "beitrag-1"}
    assert entries[7] == {"number": 7, "anchor": "beitrag-7", "withdrawn": True}


def test_a_machine_translation_somebody_has_read_says_so():
    data = sample.rich()
    data["contributions"][2]["german_reviewed"] = True

    entry = results_view.prepare(data).contributions[2]

    assert entry["german_note"] == "Von einer Maschine übersetzt, von einem Menschen geprüft"


def test_evidence_is_quoted_and_what_was_withdrawn_is_not():
    first = results_view.prepare(sample.rich()).recommendations[0]

    assert [(voice["number"], voice["withdrawn"]) for voice in first["voices"]] == [
        (1, False),
        (2, False),
        (7, True),
        (8, False),
    ]
    assert "paragraphs" not in first["voices"][2]
    assert first["voices"][3]["is_cut"]
    assert first["topics"][0]["anchor"] == "thema-1"
    assert first["minutes"][0]["anchor"] == "gruppe-1-runde-1"


def test_what_is_not_there_is_named_without_a_link():
    data = sample.empty()
    data["recommendations"] = [
        sample.recommendation(
            1,
            evidence=[
                {"kind": "contribution", "number": 99},
                {"kind": "topic", "number": 98},
                {"kind": "minutes", "group": 97, "round": 1},
            ],
        )
    ]
    data["contributions"] = [
        sample.contribution(1, topic=98, group=97, recommendations=[{"number": 96, "directly": True}])
    ]

    document = results_view.prepare(data)
    source = _html(document)

    assert document.contributions[0]["became"][0]["anchor"] == ""
    for anchor in ("beitrag-99", "thema-98", "gruppe-97", "empfehlung-96"):
        assert f'href="#{anchor}' not in source
    assert "Beitrag 99" in source
    assert "Empfehlung 96" in source


def test_every_link_in_the_document_leads_to_one_place():
    for data in (sample.second_edition(), sample.of_size(60), sample.redacted(), sample.empty()):
        source = _html(results_view.prepare(data))
        ids = re.findall(r'id="([^"]+)"', source)
        links = set(re.findall(r'href="#([^"]+)"', source))

        assert len(ids) == len(set(ids))
        assert links <= set(ids)


def test_headings_skip_no_level():
    for data in (sample.second_edition(), sample.empty()):
        levels = [int(level) for level in re.findall(r"<h(\d)", _html(results_view.prepare(data)))]

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_topics_without_a_group_have_a_place_of_their_own():
    document = results_view.prepare(sample.rich())

    assert [topic["number"] for topic in document.cross_topics] == [3, 4]
    assert document.cross_topics[1]["count"] == "0\u00a0Beiträge"


def test_a_topic_names_so_many_contributions_and_counts_the_rest():
    data = sample.empty()
    data["topics"] = [{"number": 1, "title": "Wohnen", "summary": "", "group": None}]
    data["contributions"] = [sample.contribution(number, topic=1) for number in range(1, 51)]

    (topic,) = results_view.prepare(data).cross_topics

    assert (len(topic["numbers"]), topic["more"], topic["count"]) == (40, 10, "50\u00a0Beiträge")


def test_changes_name_fields_and_statuses_in_german():
    changes = results_view.prepare(sample.second_edition()).changes

    assert changes is not None
    assert changes["changed"][0]["before"] == "der Politik vorgelegt"
    assert changes["changed"][0]["now"] == "beschlossen"
    assert changes["changed"][0]["fields"] == "Verlauf, Antwort"
    assert changes["changed"][1]["fields"] == "Titel"
    assert [words for words, _ in changes["voices"]] == ["Neu", "Zurückgezogen"]


def test_no_change_is_said_as_well():
    data = sample.second_edition()
    data["changes"] = {
        "since": 1,
        "recommendations": {"added": [], "removed": [], "changed": []},
        "contributions": {"added": [], "withdrawn": [], "changed": []},
    }

    assert "Nichts an Empfehlungen und Beiträgen." in _html(results_view.prepare(data))


def test_a_conference_over_two_days_says_both():
    data = copy.deepcopy(sample.empty())
    data["conference"]["ends_at"] = "2026-01-23T19:00:00+00:00"

    assert results_view.prepare(data).conference["hours"] == "16:30 Uhr bis 23. Januar 2026, 20:00 Uhr"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("eins", [["eins"]]),
        ("eins\nzwei\n\n\ndrei", [["eins", "zwei"], ["drei"]]),
        ("\n \n", []),
    ],
)
def test_paragraphs(text, expected):
    assert results_words.paragraphs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("kurz", "kurz"), ("eins zwei drei", "eins zwei …"), ("a" * 20, "a" * 12 + " …")],
)
def test_shortened_cuts_behind_a_word(text, expected):
    assert results_words.shortened(text, 12) == expected


def test_a_word_nobody_knows_stays_as_it_is():
    from app.models import ContributionKind

    assert results_words.word(ContributionKind, "wish") == "wish"


def _html(document: results_view.Document) -> str:
    from app.exports import pdf

    return pdf.html(document)
