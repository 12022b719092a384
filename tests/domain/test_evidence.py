"""Evidence: one row for each voice, topic and minutes, all of this conference and all of them public."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.database import db, now, transaction
from app.domain import evidence, local_time, minutes, moderation, recommendations, taking_back
from app.domain.errors import (
    ContributionNotPublic,
    ContributionTakenBack,
    ContributionUndecided,
    EvidenceNeeded,
    MinutesNotSignedOff,
    NotFound,
    OrderUnfit,
)
from app.models import Evidence, Minutes, RecommendationStatus, RejectionReason
from tests import make
from tests.domain.test_recommendations import WHOLE

S = RecommendationStatus


@pytest.fixture
def conference(app):
    return make.conference()


@pytest.fixture
def recommendation(conference):
    return recommendations.draft(conference, WHOLE)


def named(recommendation):
    return [
        ("contribution", row.contribution_id)
        if row.contribution_id
        else ("topic", row.topic_id)
        if row.topic_id
        else ("minutes", row.minutes_id)
        for row in recommendation.evidence
    ]


def signed_off(conference, *, signed=True):
    group = make.group(conference)
    minutes.save(group, 1, {"participants": 8, "main_points": "Bänke fehlen.", "signed_off": signed})
    return db.session.query(Minutes).filter_by(working_group_id=group.id).one()


def test_evidence_of_every_kind_once_each(conference, recommendation):
    voice, topic, written = make.published(conference), make.topic(conference), signed_off(conference)

    for _ in range(2):
        evidence.add(
            recommendation,
            contribution_ids=[voice.id, voice.id],
            topic_ids=[topic.id],
            minutes_ids=[written.id],
        )

    assert named(recommendation) == [
        ("contribution", voice.id),
        ("topic", topic.id),
        ("minutes", written.id),
    ]
    # The topic is empty and does not count; the voice and the minutes do.
    assert evidence.standing(recommendation) == 2
    moderation.arrange(voice, topic_id=topic.id, working_group_id=None)
    assert evidence.standing(recommendation) == 3


def test_a_duplicate_is_evidence_too(conference, recommendation):
    original, twin = make.published(conference), make.published(conference)
    moderation.mark_duplicate(twin, original.number)

    evidence.add(recommendation, contribution_ids=[twin.id])

    assert evidence.standing(recommendation) == 1


def test_what_is_not_public_is_refused_with_a_sentence(conference, recommendation):
    withdrawn, rejected = make.published(conference), make.published(conference)
    number = rejected.number
    taking_back.withdraw(withdrawn)
    moderation.reject(rejected, RejectionReason.INSULT, "Bitte freundlich.")
    received, _code = make.said(conference)
    unsigned = signed_off(conference, signed=False)

    with pytest.raises(ContributionTakenBack, match="zurückgezogen"):
        evidence.add(recommendation, contribution_ids=[withdrawn.id])
    with pytest.raises(ContributionNotPublic, match=f"Beitrag Nr. {number} ist nicht mehr öffentlich"):
        evidence.add(recommendation, contribution_ids=[rejected.id])
    with pytest.raises(ContributionUndecided, match="noch nicht entschieden"):
        evidence.add(recommendation, contribution_ids=[received.id])
    with pytest.raises(MinutesNotSignedOff, match="noch nicht freigegeben"):
        evidence.add(recommendation, minutes_ids=[unsigned.id])
    assert named(recommendation) == []


def test_nothing_of_another_conference(conference, recommendation):
    other = make.conference()
    foreign = {
        "contribution_ids": make.published(other).id,
        "topic_ids": make.topic(other).id,
        "minutes_ids": signed_off(other).id,
    }

    for name, row_id in foreign.items():
        with pytest.raises(NotFound):
            evidence.add(recommendation, **{name: [row_id]})
        with pytest.raises(NotFound):
            evidence.add(recommendation, **{name: [4711]})
    assert named(recommendation) == []


def test_one_that_does_not_fit_refuses_all(conference, recommendation):
    with pytest.raises(NotFound):
        evidence.add(recommendation, contribution_ids=[make.published(conference).id, 4711])

    assert named(recommendation) == []


def test_the_database_wants_exactly_one_kind_in_a_row(conference, recommendation):
    voice, topic = make.published(conference), make.topic(conference)
    for values in ({}, {"contribution_id": voice.id, "topic_id": topic.id}):
        with pytest.raises(IntegrityError), transaction():
            db.session.add(
                Evidence(
                    host_id=conference.host_id,
                    conference_id=conference.id,
                    recommendation_id=recommendation.id,
                    position=1,
                    **values,
                )
            )


def three(conference, recommendation):
    voices = [make.published(conference) for _ in range(3)]
    evidence.add(recommendation, contribution_ids=[voice.id for voice in voices])
    return voices, [row.id for row in recommendation.evidence]


def test_order(conference, recommendation):
    _voices, ids = three(conference, recommendation)

    evidence.reorder(recommendation, [ids[2], ids[0], ids[1]])
    db.session.expire_all()
    assert [row.id for row in recommendation.evidence] == [ids[2], ids[0], ids[1]]

    evidence.move(recommendation, ids[1], up=True)
    db.session.expire_all()
    assert [row.id for row in recommendation.evidence] == [ids[2], ids[1], ids[0]]
    evidence.move(recommendation, ids[0], up=False)

    for order in ([], ids[:2], [*ids, 4711], [ids[0]] * 3):
        with pytest.raises(OrderUnfit):
            evidence.reorder(recommendation, order)
    with pytest.raises(OrderUnfit):
        evidence.move(recommendation, 4711, up=True)


def test_removing_twice_removes_once(conference, recommendation):
    voices, ids = three(conference, recommendation)

    for _ in range(2):
        evidence.remove(recommendation, ids[1])

    assert named(recommendation) == [("contribution", voices[0].id), ("contribution", voices[2].id)]


def test_the_last_one_stays_once_it_is_submitted(conference, recommendation):
    voices, ids = three(conference, recommendation)
    recommendations.advance(recommendation, S.SUBMITTED, happened_on=local_time.day_of(now()))
    taking_back.withdraw(voices[2])

    evidence.remove(recommendation, ids[0])
    with pytest.raises(EvidenceNeeded):
        evidence.remove(recommendation, ids[1])
    assert len(recommendation.evidence) == 2
    # A voice that was taken back does not hold it up, and can go itself.
    evidence.remove(recommendation, ids[2])
    assert named(recommendation) == [("contribution", voices[1].id)]


def test_nothing_of_another_recommendation_is_removed(conference, recommendation):
    _voices, ids = three(conference, recommendation)
    other = recommendations.draft(conference, WHOLE)

    evidence.remove(other, ids[0])

    assert len(recommendation.evidence) == 3


@pytest.mark.parametrize("way", ["withdraw", "reject", "forward"])
def test_who_said_the_same_carries_on_when_the_original_goes(conference, recommendation, way):
    original, twin, third = (make.published(conference) for _ in range(3))
    for duplicate in (twin, third):
        moderation.mark_duplicate(duplicate, original.number)
    evidence.add(recommendation, contribution_ids=[original.id])

    match way:
        case "withdraw":
            taking_back.withdraw(original)
        case "reject":
            taking_back.reject(original, RejectionReason.INSULT, "Bitte freundlich.")
        case "forward":
            taking_back.forward(original, "Tiefbauamt")

    assert named(recommendation) == [("contribution", original.id), ("contribution", twin.id)]
    assert evidence.standing(recommendation) == 1
    assert third.duplicate_of_id == twin.id


def test_a_duplicate_that_goes_leaves_the_original(conference, recommendation):
    original, twin = make.published(conference), make.published(conference)
    moderation.mark_duplicate(twin, original.number)
    evidence.add(recommendation, contribution_ids=[original.id, twin.id])

    taking_back.withdraw(twin)

    assert named(recommendation) == [("contribution", original.id), ("contribution", twin.id)]
    assert evidence.standing(recommendation) == 1
