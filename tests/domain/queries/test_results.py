"""Lists of recommendations: order, filters, counts; the same number of statements however many there are."""

from datetime import date

import pytest
from sqlalchemy import insert, select

from app.database import db, now, transaction
from app.domain import evidence, local_time, minutes, moderation, recommendations, taking_back
from app.domain.queries import results, trace
from app.models import (
    Contribution,
    Edition,
    EditionFile,
    Evidence,
    FileFormat,
    FileState,
    Minutes,
    Recommendation,
    RecommendationStatus,
    StoredFile,
)
from tests import make
from tests.counting import statements
from tests.domain.queries.test_trace import many, recommended
from tests.domain.test_recommendations import WHOLE

S = RecommendationStatus


@pytest.fixture
def conference(app):
    return make.conference()


def numbers(found):
    return [line.recommendation.number for line in found.lines]


def test_nothing_yet(conference):
    found = results.recommendations_of(conference)

    assert (found.lines, found.total, found.by_field_of_action()) == ([], 0, [])
    assert results.figures_of(conference) == results.Figures(0, 0, None, has_pdf=False)
    assert results.minutes_of(conference) == []


def test_order_and_fields(conference):
    for field, priority in (("Wohnen", None), ("Jugend", 3), ("Wohnen", 1), ("", 3)):
        recommended(conference, field_of_action=field, priority=priority)

    found = results.recommendations_of(conference)

    assert numbers(found) == [3, 2, 4, 1]
    assert [
        (name, [line.recommendation.number for line in lines]) for name, lines in found.by_field_of_action()
    ] == [("Wohnen", [3, 1]), ("Jugend", [2]), ("", [4])]
    assert found.by_field == {"Wohnen": 2, "Jugend": 1}


def test_filters(conference):
    recommended(conference, field_of_action="Wohnen", lead="Bauamt")
    recommended(conference, field_of_action="Jugend", lead="Jugendamt")
    draft = recommended(conference, field_of_action="Jugend", lead="Bauamt", public=False)
    recommended(make.conference(conference.host))

    def shown(public_only=True, **wanted):
        return numbers(
            results.recommendations_of(conference, results.Wanted(**wanted), public_only=public_only)
        )

    assert shown() == [1, 2]
    assert shown(field_of_action="Jugend") == [2]
    assert shown(public_only=False, field_of_action="Jugend") == [2, draft.number]
    assert shown(public_only=False, field_of_action="Jugend", lead="Bauamt") == [draft.number]
    assert shown(status=S.ADOPTED) == []
    recommendations.advance(draft, S.IN_CONSULTATION, happened_on=local_time.day_of(now()))
    assert shown(status=S.IN_CONSULTATION) == [3]
    found = results.recommendations_of(conference, results.Wanted(status=S.ADOPTED))
    assert (found.total, found.by_status) == (3, {S.DRAFTED: 2, S.IN_CONSULTATION: 1})


def test_voices_are_counted_as_the_page_of_the_recommendation_shows_them(conference):
    topic = make.topic(conference)
    original, twin, arranged, withdrawn, other = (make.published(conference) for _ in range(5))
    moderation.mark_duplicate(twin, original.number)
    moderation.arrange(arranged, topic_id=topic.id, working_group_id=None)
    group = make.group(conference)
    minutes.save(group, 1, {"participants": 8, "main_points": "Bänke fehlen.", "signed_off": True})
    rows = [
        recommended(conference, twin, withdrawn),
        recommended(conference, arranged, other, topics=[topic]),
        recommended(conference, topics=[topic, make.topic(conference, "leer")]),
        recommended(conference),
    ]
    evidence.add(rows[3], minutes_ids=[db.session.scalar(select(Minutes.id))])
    taking_back.withdraw(withdrawn)

    found = results.recommendations_of(conference).lines

    assert [(line.voices, line.evidence, line.standing) for line in found] == [
        (2, 2, 1),
        (2, 3, 3),
        (1, 2, 1),
        (0, 1, 1),
    ]
    assert [line.voices for line in found] == [trace.of_recommendation(row).count for row in rows]
    assert [line.standing for line in found] == [evidence.standing(row) for row in rows]


def test_what_is_missing(conference):
    recommended(conference, lead="", need="")
    whole = recommended(conference, make.published(conference), caretaker="")

    lines = results.recommendations_of(conference).lines

    assert [[gap.field for gap in line.missing] for line in lines] == [["need", "lead", "evidence"], []]
    recommendations.advance(whole, S.SUBMITTED, happened_on=local_time.day_of(now()))
    with transaction():
        whole.status = S.IN_PROGRESS
    (_, line) = results.recommendations_of(conference).lines
    assert [gap.field for gap in line.missing] == ["caretaker"]


def test_minutes_once_they_are_signed_off(conference):
    first, second = make.group(conference, rounds=2), make.group(conference)
    for group, number, signed in ((second, 1, True), (first, 2, True), (first, 1, False)):
        minutes.save(group, number, {"participants": 1, "main_points": "-", "signed_off": signed})

    assert [(row.group.number, row.round_number) for row in results.minutes_of(conference)] == [
        (1, 2),
        (2, 1),
    ]


def test_figures_and_the_latest_document(conference):
    make.published(conference)
    make.said(conference)
    make.group(conference)
    for number, states in ((1, [FileState.READY]), (2, [FileState.RENDERING])):
        edition(conference, number, *states)

    assert results.figures_of(conference) == results.Figures(1, 1, 2, has_pdf=False)
    edition(conference, 3, FileState.READY)
    assert results.figures_of(conference) == results.Figures(1, 1, 3, has_pdf=True)
    edition(conference, 4)
    assert results.figures_of(conference) == results.Figures(1, 1, 4, has_pdf=False)


def edition(conference, number, *states):
    with transaction():
        made = Edition(
            host_id=conference.host_id,
            conference_id=conference.id,
            number=number,
            published_on=date(2026, 3, 2),
            snapshot={},
            sha256="0" * 64,
        )
        db.session.add(made)
        db.session.flush()
        for state in states:
            stored = StoredFile(
                host_id=conference.host_id,
                sha256=f"{number:064}",
                media_type="application/pdf",
                name="ergebnisse.pdf",
                size=4,
                content=b"%PDF",
            )
            db.session.add(stored)
            db.session.flush()
            db.session.add(
                EditionFile(
                    host_id=conference.host_id,
                    conference_id=conference.id,
                    edition_id=made.id,
                    format=FileFormat.PDF,
                    state=state,
                    stored_file_id=stored.id if state is FileState.READY else None,
                )
            )


def test_contributions_by_their_numbers(conference):
    first, second, gone = (make.published(conference) for _ in range(3))
    foreign = make.conference(conference.host)
    make.published(foreign)
    taking_back.withdraw(gone)

    assert results.ids_by_number(conference, [3, 1, 99]) == {1: first.id, 3: gone.id}
    assert [row.id for row in results.by_numbers(conference, [3, 2, 1, 99])] == [second.id, first.id]
    assert results.by_numbers(conference, []) == []


@pytest.mark.parametrize("count", [1, 3, 1000])
def test_the_number_of_statements_is_fixed(conference, count):
    topic = make.topic(conference)
    voices = many(conference, count, topic)
    first = recommended(conference, topics=[topic])
    with transaction():
        rows = [
            {
                **WHOLE,
                "host_id": conference.host_id,
                "conference_id": conference.id,
                "key": f"E{number}",
                "number": number,
                "caretaker": "",
                "is_public": True,
                "result": "",
                "status": S.DRAFTED,
                "created_at": now(),
                "changed_at": now(),
            }
            for number in range(2, count + 1)
        ]
        if rows:
            db.session.execute(insert(Recommendation), rows)
        ids = list(db.session.scalars(select(Recommendation.id).order_by(Recommendation.number)))
        db.session.execute(
            insert(Evidence),
            [
                {
                    "host_id": conference.host_id,
                    "conference_id": conference.id,
                    "recommendation_id": recommendation_id,
                    "position": 9,
                    "contribution_id": voice.id,
                }
                for recommendation_id, voice in zip(ids, voices, strict=True)
            ],
        )
    assert (first.number, db.session.query(Contribution).count()) == (1, count)
    assert conference.id

    with statements() as sent:
        found = results.recommendations_of(conference, public_only=False)
        for line in found.lines:
            assert line.missing == []
            assert line.voices
    assert len(sent) == 3, sent
    assert len(found.lines) == count
