"""The trace both ways: what it says about a voice and about a recommendation always fits together."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from app.database import db, now, random_id, transaction
from app.domain import evidence, local_time, minutes, moderation, recommendations, taking_back
from app.domain.queries import trace
from app.models import (
    Contribution,
    ContributionChannel,
    ContributionKind,
    ContributionStatus,
    Minutes,
    RecommendationStatus,
    RejectionReason,
)
from tests import make
from tests.counting import statements
from tests.domain.test_recommendations import WHOLE

S = RecommendationStatus


@pytest.fixture
def conference(app):
    return make.conference()


def recommended(conference, *voices, topics=(), public=True, **given):
    return recommendations.draft(
        conference,
        {**WHOLE, "is_public": public, **given},
        contribution_ids=[voice.id for voice in voices],
        topic_ids=[topic.id for topic in topics],
    )


def take(recommendation, status, **given):
    recommendations.advance(recommendation, status, **{"happened_on": local_time.day_of(now()), **given})


def carried_by(voice):
    return [(step.recommendation.number, step.directly) for step in trace.of_contribution(voice).steps]


def behind(recommendation):
    voices = trace.of_recommendation(recommendation)
    return (
        [voice.number for voice in voices.contributions],
        [voice.number for voice in voices.alike],
        {topic: [voice.number for voice in found] for topic, found in voices.through.items()},
    )


def test_a_voice_nobody_took_up(conference):
    voice = make.published(conference)

    found = trace.of_contribution(voice, contact_role="Sozialplanung")

    assert found.steps == []
    assert (found.owed_by, found.owed_since, found.is_answered) == (
        "Sozialplanung",
        voice.decided_on,
        False,
    )


def test_no_voice_at_all(conference):
    assert trace.of_contributions([]) == {}
    assert trace.of_recommendation(recommended(conference)) == trace.Voices()


def test_named_and_through_a_topic_both_ways(conference):
    topic = make.topic(conference)
    named, arranged, other = (make.published(conference) for _ in range(3))
    for voice in (named, arranged):
        moderation.arrange(voice, topic_id=topic.id, working_group_id=None)
    first = recommended(conference, named, topics=[topic])
    second = recommended(conference, topics=[topic])
    third = recommended(conference, other, arranged)

    assert carried_by(named) == [(1, True), (2, False)]
    # Those that name it come first.
    assert carried_by(arranged) == [(3, True), (1, False), (2, False)]
    assert carried_by(other) == [(3, True)]
    assert behind(first) == ([named.number], [], {topic.id: [arranged.number]})
    assert behind(second) == ([], [], {topic.id: [named.number, arranged.number]})
    assert behind(third) == ([other.number, arranged.number], [], {})
    assert [trace.of_recommendation(row).count for row in (first, second, third)] == [2, 2, 2]


def test_what_is_not_public_is_not_told(conference):
    voice = make.published(conference)
    hidden = recommended(conference, voice, public=False)

    assert carried_by(voice) == []
    # Staff see the voices behind a draft.
    assert behind(hidden) == ([voice.number], [], {})
    take(hidden, S.IN_CONSULTATION)
    assert carried_by(voice) == [(1, True)]


def test_who_says_the_same_counts_together(conference):
    original, twin, third = (make.published(conference) for _ in range(3))
    for duplicate in (twin, third):
        moderation.mark_duplicate(duplicate, original.number)
    by_original = recommended(conference, original)
    by_twin = recommended(conference, twin)

    for voice in (original, twin, third):
        assert carried_by(voice) == [(1, True), (2, True)]
    assert behind(by_original) == ([original.number], [twin.number, third.number], {})
    assert behind(by_twin) == ([twin.number], [original.number, third.number], {})
    assert trace.of_recommendation(by_original).count == 3


def test_a_duplicate_comes_along_through_the_topic_of_its_original(conference):
    topic = make.topic(conference)
    other_topic = make.topic(conference, "Wege")
    original, twin = make.published(conference), make.published(conference)
    moderation.mark_duplicate(twin, original.number)
    moderation.arrange(original, topic_id=topic.id, working_group_id=None)
    recommendation = recommended(conference, topics=[other_topic, topic])

    assert carried_by(original) == carried_by(twin) == [(1, False)]
    assert behind(recommendation) == (
        [],
        [],
        {other_topic.id: [], topic.id: [original.number, twin.number]},
    )

    # And the other way round, where only the duplicate lies under the topic.
    moderation.arrange(original, topic_id=None, working_group_id=None)
    moderation.arrange(twin, topic_id=other_topic.id, working_group_id=None)
    assert carried_by(original) == carried_by(twin) == [(1, False)]
    assert behind(recommendation) == (
        [],
        [],
        {other_topic.id: [original.number, twin.number], topic.id: []},
    )


def test_a_voice_stands_in_one_place_only(conference):
    topics = [make.topic(conference), make.topic(conference, "Wege")]
    original, twin = make.published(conference), make.published(conference)
    moderation.mark_duplicate(twin, original.number)
    for voice, topic in zip((original, twin), topics, strict=True):
        moderation.arrange(voice, topic_id=topic.id, working_group_id=None)

    assert behind(recommended(conference, topics=topics))[2] == {
        topics[0].id: [original.number],
        topics[1].id: [twin.number],
    }
    assert behind(recommended(conference, twin, topics=topics)) == (
        [twin.number],
        [original.number],
        {topics[0].id: [], topics[1].id: []},
    )


def test_voices_that_went_are_counted_and_not_shown(conference):
    kept, withdrawn, rejected = (make.published(conference) for _ in range(3))
    topic = make.topic(conference)
    for voice in (withdrawn, rejected):
        moderation.arrange(voice, topic_id=topic.id, working_group_id=None)
    recommendation = recommended(conference, kept, withdrawn, rejected, topics=[topic])
    taking_back.withdraw(withdrawn)
    moderation.reject(rejected, RejectionReason.INSULT, "Bitte freundlich.")

    found = trace.of_recommendation(recommendation)

    assert (found.withdrawn, found.hidden, found.count) == (1, 1, 1)
    assert behind(recommendation) == ([kept.number], [], {topic.id: []})
    for voice in (withdrawn, rejected):
        gone = trace.of_contribution(voice, contact_role="Sozialplanung")
        assert (gone.steps, gone.owed_by, gone.is_answered) == ([], "", True)


def test_minutes_are_nobodys_single_voice(conference):
    group = make.group(conference)
    voice = make.published(conference, group=group)
    minutes.save(group, 1, {"participants": 8, "main_points": "Bänke fehlen.", "signed_off": True})
    written = db.session.query(Minutes).one()
    recommendation = recommended(conference)
    evidence.add(recommendation, minutes_ids=[written.id])

    assert carried_by(voice) == []
    found = trace.of_recommendation(recommendation)
    assert ([row.id for row in found.minutes], found.count) == ([written.id], 0)

    # Once they are no longer signed off they are not shown any more.
    with transaction():
        written.signed_off = False
    assert trace.of_recommendation(recommendation).minutes == []


def test_who_owes_an_answer_to_what_is_not_decided_or_was_forwarded(conference):
    received, _code = make.said(conference)
    forwarded = make.published(conference)
    moderation.forward(forwarded, "Tiefbauamt")

    first = trace.of_contribution(received, contact_role="Sozialplanung")
    second = trace.of_contribution(forwarded, contact_role="Sozialplanung")

    assert (first.owed_by, first.owed_since) == ("Sozialplanung", received.received_on)
    assert (second.owed_by, second.owed_since) == ("Tiefbauamt", forwarded.decided_on)
    # Also where nobody knows whom to name, the answer is owed.
    assert not trace.of_contribution(received).is_answered


def test_an_office_owes_the_answer_since_its_last_step(conference):
    voice = make.published(conference)
    nameless = recommended(conference, voice, answer="", lead="")
    recommendation = recommended(conference, voice, answer="")
    day = local_time.day_of(now()) - timedelta(days=3)
    with transaction():
        recommendation.history[0].happened_on = day

    found = trace.of_contribution(voice, contact_role="Sozialplanung")
    assert (found.owed_by, found.owed_since) == ("Tiefbauamt", day)

    recommendations.edit(nameless, {"answer": "Ja."})
    assert trace.of_contribution(voice, contact_role="Sozialplanung").is_answered


def test_an_answer_to_one_is_an_answer_to_all_who_say_the_same(conference):
    original, twin = make.published(conference), make.published(conference)
    moderation.mark_duplicate(twin, original.number)
    for voice in (original, twin):
        assert trace.of_contribution(voice, contact_role="Amt").owed_by == "Amt"

    moderation.answer(twin, "Wir stellen Bänke auf.")

    for voice in (original, twin):
        assert trace.of_contribution(voice, contact_role="Amt").is_answered


def test_the_decision_is_told_with_who_decided_and_not_confused_with_news(conference):
    voice = make.published(conference)
    recommendation = recommended(conference, voice)
    take(recommendation, S.SUBMITTED)
    take(recommendation, S.NOTED, decided_by="Sozialausschuss")
    recommendations.tell_news(
        recommendation, happened_on=local_time.day_of(now()), text="Im Haushalt eingeplant."
    )
    take(recommendation, S.PLANNED)

    (step,) = trace.of_contribution(voice).steps

    assert (step.decision.status, step.decision.decided_by) == (S.NOTED, "Sozialausschuss")
    assert step.latest.status is S.PLANNED


def test_a_second_decision_is_the_one_that_counts(conference):
    voice = make.published(conference)
    recommendation = recommended(conference, voice)
    for status in (S.SUBMITTED, S.NOTED, S.STOPPED, S.PLANNED, S.IN_PROGRESS):
        take(recommendation, status, decided_by="Rat")
    assert trace.of_contribution(voice).steps[0].decision.status is S.NOTED
    assert trace.of_contribution(make.published(conference)).steps == []


def test_other_conferences_do_not_mix(conference):
    other = make.conference(conference.host)
    here, there = make.published(conference), make.published(other)
    recommended(conference, here)
    recommended(other, there)

    assert carried_by(here) == carried_by(there) == [(1, True)]


def test_whose_turn_it_is(conference):
    today = date(2026, 6, 1)
    recommendation = recommended(conference, make.published(conference), caretaker="")
    with transaction():
        recommendation.history[0].happened_on = date(2026, 3, 3)

    def turn():
        return trace.turn_of(recommendation, today=today, contact_role="Sozialplanung")

    found = turn()
    assert (found.owed_by, found.since, found.is_silent) == ("Tiefbauamt", date(2026, 3, 3), True)
    with transaction():
        recommendation.history[0].happened_on = date(2026, 3, 4)
    assert not turn().is_silent

    for status, owed_by, politics in (
        (S.SUBMITTED, "", True),
        (S.ADOPTED, "Tiefbauamt", False),
        (S.PLANNED, "Tiefbauamt", False),
        (S.STOPPED, None, None),
    ):
        with transaction():
            recommendation.status = status
        found = turn()
        assert (found and (found.owed_by, found.is_with_politics)) == (
            None if owed_by is None else (owed_by, politics)
        )
    with transaction():
        recommendation.status, recommendation.caretaker = S.IN_PROGRESS, "Bauhof"
    assert turn().owed_by == "Bauhof"
    with transaction():
        recommendation.status, recommendation.lead = S.DRAFTED, ""
    assert turn().owed_by == "Sozialplanung"
    with transaction():
        recommendation.history.clear()
    assert turn() is None


def many(conference, count, topic=None):
    """Public contributions in one statement; every third one says the same as the first."""
    first = random_id()
    rows = [
        {
            "id": first if place == 0 else random_id(),
            "host_id": conference.host_id,
            "conference_id": conference.id,
            "number": 100 + place,
            "kind": ContributionKind.IDEA,
            "channel": ContributionChannel.WEB,
            "language": "de",
            "text": "Mehr Bänke.",
            "german": "",
            "german_reviewed": False,
            "display_name": "",
            "status": ContributionStatus.DUPLICATE if place % 3 == 2 else ContributionStatus.PUBLISHED,
            "duplicate_of_id": first if place % 3 == 2 else None,
            "topic_id": topic.id if topic and place % 2 else None,
            "received_on": date(2026, 3, 2),
            "reply": "",
            "forwarded_to": "",
            "answer": "",
            "notice_digest": "",
            "search_words": "",
        }
        for place in range(count)
    ]
    with transaction():
        db.session.execute(insert(Contribution), rows)
    return list(db.session.query(Contribution).filter_by(conference_id=conference.id))


@pytest.mark.parametrize("count", [1, 3, 1000])
def test_the_number_of_statements_is_fixed(conference, count):
    topic = make.topic(conference)
    voices = many(conference, count, topic)
    recommendation = recommended(conference, *voices[: count // 2 + 1], topics=[topic])
    for _ in range(min(count, 20)):
        recommended(conference, *voices[:3], topics=[topic])
    voices = list(db.session.query(Contribution).order_by(Contribution.number))
    assert recommendation.id

    with statements() as both_ways:
        traces = trace.of_contributions(voices)
    with statements() as back:
        found = trace.of_recommendation(recommendation)
        for row in found.contributions:
            assert row.text

    assert len(both_ways) == 4, both_ways
    assert len(back) == 2, back
    assert found.count == len([voice for voice in voices if recommendation.id in by_id(traces[voice.id])])
    assert found.count >= count // 2 + 1


def by_id(found):
    return {step.recommendation.id for step in found.steps}
