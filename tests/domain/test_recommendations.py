"""Recommendations: drafting, editing by two, steps with what each needs, and the end of a draft."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from app.database import db, now, transaction
from app.domain import editing, evidence, local_time, moderation, recommendations, taking_back
from app.domain.errors import (
    ChangedMeanwhile,
    ContributionNotPublic,
    ContributionTakenBack,
    ContributionUndecided,
    NewsMissing,
    NotFound,
    RecommendationStays,
    RecommendationTitleTooLong,
    ShownForGood,
    StepBeforeLast,
    StepInFuture,
    StepLacks,
    StepNotPossible,
    StepTaken,
    TitleMissing,
)
from app.models import (
    Conference,
    Edition,
    Horizon,
    Recommendation,
    RecommendationStatus,
    RejectionReason,
    StatusUpdate,
)
from tests import make

S = RecommendationStatus
WHOLE = {
    "title": "20 Bänke am Weg aufstellen",
    "field_of_action": "Wohnen",
    "target_groups": ["ältere Menschen"],
    "need": "Es fehlen Bänke.",
    "goal": "Bis 2030 gibt es 20 Bänke.",
    "measures": ["Orte suchen", "Bänke kaufen"],
    "lead": "Tiefbauamt",
    "partners": ["Seniorenbeirat"],
    "caretaker": "Bauhof",
    "horizon": Horizon.SHORT,
    "target_date": date(2030, 12, 31),
    "priority": 1,
    "answer": "Wir stellen Bänke auf.",
}


@pytest.fixture
def conference(app):
    return make.conference()


@pytest.fixture
def today():
    return local_time.day_of(now())


def drafted(conference, *contributions, **given):
    ids = [contribution.id for contribution in contributions]
    return recommendations.draft(conference, {**WHOLE, **given}, contribution_ids=ids)


def take(recommendation, *steps, **given):
    for status in steps:
        recommendations.advance(recommendation, status, **{"happened_on": local_time.day_of(now()), **given})


def steps(recommendation):
    return [update.status.value for update in recommendation.history]


def test_a_draft_rests_on_what_was_ticked_and_has_a_number_of_its_own(conference):
    by = make.staff_member()
    voices = [make.published(conference), make.published(conference)]
    topic = make.topic(conference)

    first = recommendations.draft(
        conference,
        {"title": "Bänke aufstellen"},
        contribution_ids=[voices[1].id, voices[0].id, voices[1].id],
        topic_ids=[topic.id],
        by=by,
    )
    second = recommendations.draft(conference, {"title": "Bänke aufstellen"}, status=S.COLLECTED)

    assert (first.number, first.key, first.status, first.is_public) == (1, "E01", S.DRAFTED, False)
    assert (second.number, second.key, second.status) == (2, "E02", S.COLLECTED)
    assert [(row.contribution_id, row.topic_id) for row in first.evidence] == [
        (voices[1].id, None),
        (voices[0].id, None),
        (None, topic.id),
    ]
    (update,) = first.history
    assert (update.status, update.happened_on, update.staff_member_id) == (
        S.DRAFTED,
        local_time.day_of(now()),
        by.id,
    )


def test_a_name_a_file_has_brought_is_not_given_again(conference):
    drafted(conference)
    with transaction():
        recommendation = db.session.scalar(select(Recommendation))
        recommendation.key = "E02"

    assert drafted(conference).key == "E02-2"


def test_a_number_is_never_given_twice(conference):
    recommendations.remove(drafted(conference))

    assert drafted(conference).number == 2


def test_the_same_form_drafts_one(conference):
    first = recommendations.draft(conference, WHOLE, submission="x" * 24)
    again = recommendations.draft(conference, {"title": "Anders"}, submission="x" * 24)
    other = recommendations.draft(conference, WHOLE, submission="y" * 24)

    assert first.id == again.id != other.id
    assert again.title == WHOLE["title"]
    # The same id at another conference is another form.
    elsewhere = recommendations.draft(make.conference(), WHOLE, submission="x" * 24)
    assert elsewhere.id != first.id


def test_a_draft_is_no_way_around_the_steps(conference):
    with pytest.raises(NotFound):
        recommendations.draft(conference, WHOLE, status=S.ADOPTED)


@pytest.mark.parametrize(
    ("title", "error"),
    [("", TitleMissing), ("  ", TitleMissing), ("ä" * 161, RecommendationTitleTooLong)],
)
def test_titles_that_do_not_fit(conference, title, error):
    with pytest.raises(error) as refused:
        recommendations.draft(conference, {"title": title})
    assert refused.value.field == "title"
    assert db.session.get(Conference, conference.id).last_recommendation_number == 0

    recommendation = drafted(conference)
    with pytest.raises(error):
        recommendations.edit(recommendation, {"title": title})
    assert recommendation.title == WHOLE["title"]
    assert recommendations.edit(recommendation, {"title": "ä" * 160}) == {"title"}


def test_a_long_title_is_refused_with_its_length(conference):
    with pytest.raises(RecommendationTitleTooLong, match="Der Titel hat 300 Zeichen"):
        recommendations.draft(conference, {"title": "x" * 300})


def test_what_is_not_public_is_no_evidence_for_a_draft(conference):
    withdrawn, rejected = make.published(conference), make.published(conference)
    taking_back.withdraw(withdrawn)
    moderation.reject(rejected, RejectionReason.INSULT, "Bitte freundlich.")
    received, _code = make.said(conference)
    foreign = make.published(make.conference())

    for contribution, error in (
        (withdrawn, ContributionTakenBack),
        (rejected, ContributionNotPublic),
        (received, ContributionUndecided),
        (foreign, NotFound),
    ):
        with pytest.raises(error):
            drafted(conference, contribution)
    assert db.session.scalars(select(Recommendation)).all() == []


def test_all_fields_are_kept(conference):
    recommendation = drafted(conference)

    assert editing.values(recommendation, WHOLE) == WHOLE
    nasty = "<script>alert(1)</script> \u202everkehrt\u202c 😀👩‍👩‍👧 =1+1"
    assert recommendations.edit(
        recommendation, {"title": nasty, "measures": [nasty], "horizon": None, "priority": None}
    ) == {"title", "measures", "horizon", "priority"}
    assert (recommendation.title, recommendation.measures) == (nasty, [nasty])


def test_saving_what_is_stored_changes_nothing(conference):
    recommendation = drafted(conference)
    before = recommendation.changed_at

    assert recommendations.edit(recommendation, WHOLE) == set()
    assert recommendation.changed_at == before


def test_the_second_of_two_who_edit_is_told(conference):
    recommendation = drafted(conference)
    shown = editing.seen(editing.values(recommendation, recommendations.FIELDS))

    recommendations.edit(recommendation, {"goal": "Bis 2031."}, shown=shown)
    with pytest.raises(ChangedMeanwhile):
        recommendations.edit(recommendation, {"goal": "Bis 2032."}, shown=shown)
    assert recommendation.goal == "Bis 2031."
    # The same form sent twice is saved once, and is no conflict.
    assert recommendations.edit(recommendation, {"goal": "Bis 2031."}, shown=shown) == set()


def test_what_was_removed_meanwhile_is_not_found(conference):
    recommendation = drafted(conference)
    assert recommendation.conference.id == conference.id
    with db.engine.begin() as somebody_else:
        somebody_else.execute(delete(StatusUpdate.__table__))
        somebody_else.execute(delete(Recommendation.__table__))

    with pytest.raises(NotFound):
        recommendations.edit(recommendation, {"goal": "Anders."})


def test_a_draft_can_be_shown_and_hidden_until_it_was_discussed(conference):
    recommendation = drafted(conference)

    recommendations.edit(recommendation, {"is_public": True})
    recommendations.edit(recommendation, {"is_public": False})
    assert not recommendations.is_shown_for_good(recommendation)

    take(recommendation, S.IN_CONSULTATION)
    assert recommendation.is_public
    take(recommendation, S.DRAFTED)
    assert recommendation.is_public
    with pytest.raises(ShownForGood):
        recommendations.edit(recommendation, {"is_public": False})


def test_it_is_not_submitted_before_all_is_there(conference):
    recommendation = recommendations.draft(conference, {"title": "Bänke aufstellen"})

    with pytest.raises(StepLacks) as refused:
        take(recommendation, S.SUBMITTED)

    assert [gap.field for gap in refused.value.missing] == [
        *("field_of_action", "need", "goal", "lead", "answer", "evidence")
    ]
    assert "Ohne Beleg" in str(refused.value)
    assert "Ohne zuständige Stelle" in str(refused.value)
    assert (recommendation.status, recommendation.is_public, len(recommendation.history)) == (
        S.DRAFTED,
        False,
        1,
    )


def test_evidence_that_does_not_stand_any_more_does_not_count(conference):
    voice = make.published(conference)
    recommendation = drafted(conference, voice)
    taking_back.withdraw(voice)

    with pytest.raises(StepLacks) as refused:
        take(recommendation, S.SUBMITTED)
    assert [gap.field for gap in refused.value.missing] == ["evidence"]

    evidence.add(recommendation, contribution_ids=[make.published(conference).id])
    take(recommendation, S.SUBMITTED)
    assert recommendation.status is S.SUBMITTED


def test_the_whole_way(conference, today):
    recommendation = drafted(conference, make.published(conference), caretaker="")
    by = make.staff_member()
    take(recommendation, S.IN_CONSULTATION, S.PRIORITISED, S.SUBMITTED)
    recommendations.advance(
        recommendation,
        S.ADOPTED,
        happened_on=today,
        text=" Einstimmig. ",
        decided_by=" Sozialausschuss ",
        by=by,
    )
    take(recommendation, S.PLANNED)

    with pytest.raises(StepLacks) as refused:
        take(recommendation, S.IN_PROGRESS)
    assert [gap.field for gap in refused.value.missing] == ["caretaker"]
    recommendations.edit(recommendation, {"caretaker": "Bauhof"})
    take(recommendation, S.IN_PROGRESS)

    with pytest.raises(StepLacks) as refused:
        take(recommendation, S.DONE, result="  ")
    assert [gap.field for gap in refused.value.missing] == ["result"]
    take(recommendation, S.DONE, result="Es stehen 20 Bänke.")

    assert (recommendation.status, recommendation.result) == (S.DONE, "Es stehen 20 Bänke.")
    assert steps(recommendation) == [
        *("drafted", "in_consultation", "prioritised", "submitted", "adopted", "planned", "in_progress"),
        "done",
    ]
    adopted = recommendation.history[4]
    assert (adopted.text, adopted.decided_by, adopted.staff_member_id) == (
        "Einstimmig.",
        "Sozialausschuss",
        by.id,
    )
    # Who decided is told of decisions alone.
    assert {update.decided_by for update in recommendation.history} == {"", "Sozialausschuss"}


def test_it_goes_its_way_although_its_voice_was_taken_back(conference):
    voice = make.published(conference)
    recommendation = drafted(conference, voice)
    take(recommendation, S.SUBMITTED)
    taking_back.withdraw(voice)
    with transaction():
        # As a file may bring it.
        recommendation.need = ""

    take(recommendation, S.ADOPTED, S.IN_PROGRESS)
    take(recommendation, S.DONE, result="Es stehen 20 Bänke.")
    assert recommendation.status is S.DONE

    again = drafted(conference, make.published(conference))
    take(again, S.SUBMITTED, S.DRAFTED)
    recommendations.edit(again, {"need": ""})
    # Back at the desk the gate stands before it again.
    with pytest.raises(StepLacks):
        take(again, S.SUBMITTED)


def test_a_jump_changes_nothing(conference):
    recommendation = drafted(conference, make.published(conference))

    with pytest.raises(StepNotPossible):
        take(recommendation, S.DONE, result="Fertig.")
    assert (recommendation.status, recommendation.result, steps(recommendation)) == (
        S.DRAFTED,
        "",
        ["drafted"],
    )


def test_days_of_steps(conference, today):
    recommendation = drafted(conference)
    with transaction():
        recommendation.history[0].happened_on = today - timedelta(days=5)

    with pytest.raises(StepInFuture):
        take(recommendation, S.IN_CONSULTATION, happened_on=today + timedelta(days=1))
    with pytest.raises(StepBeforeLast, match=f"{today - timedelta(days=5):%d.%m.%Y}"):
        take(recommendation, S.IN_CONSULTATION, happened_on=today - timedelta(days=6))
    take(recommendation, S.IN_CONSULTATION, happened_on=today - timedelta(days=5))
    assert steps(recommendation) == ["drafted", "in_consultation"]


def test_the_same_step_sent_twice_is_taken_once_and_another_one_is_told(conference):
    recommendation = drafted(conference)
    take(recommendation, S.IN_CONSULTATION, text="Im Stadtteil.")
    take(recommendation, S.IN_CONSULTATION, text="Im Stadtteil.")
    assert steps(recommendation) == ["drafted", "in_consultation"]

    with pytest.raises(StepTaken, match="„wird besprochen“ hat inzwischen jemand anderes"):
        take(recommendation, S.IN_CONSULTATION, text="Im Beirat.")


def test_news_without_a_step(conference, today):
    recommendation = drafted(conference)
    for _ in range(2):
        recommendations.tell_news(recommendation, happened_on=today, text="Der Beirat fragt nach.")

    assert [(update.status, update.text) for update in recommendation.history] == [
        (S.DRAFTED, ""),
        (S.DRAFTED, "Der Beirat fragt nach."),
    ]
    with pytest.raises(NewsMissing):
        recommendations.tell_news(recommendation, happened_on=today, text=" ")
    with pytest.raises(StepInFuture):
        recommendations.tell_news(recommendation, happened_on=today + timedelta(days=1), text="Bald.")


def test_what_a_status_needs_cannot_be_emptied_any_more(conference):
    recommendation = drafted(conference, make.published(conference))
    take(recommendation, S.SUBMITTED)

    with pytest.raises(StepLacks) as refused:
        recommendations.edit(recommendation, {"lead": "", "need": ""})
    assert [gap.field for gap in refused.value.missing] == ["need", "lead"]
    assert recommendation.lead == "Tiefbauamt"
    # What a file brought without a need can be mended piece by piece.
    with transaction():
        recommendation.need = ""
    assert recommendations.edit(recommendation, {"goal": "Bis 2031."}) == {"goal"}


def test_a_result_cannot_be_emptied(conference):
    recommendation = drafted(conference, make.published(conference))
    take(recommendation, S.SUBMITTED, S.ADOPTED, S.IN_PROGRESS)
    take(recommendation, S.DONE, result="Es stehen 20 Bänke.")

    with pytest.raises(StepLacks):
        recommendations.edit(recommendation, {"result": ""})
    recommendations.edit(recommendation, {"result": "Es stehen 21 Bänke."})
    assert recommendation.result == "Es stehen 21 Bänke."


def test_only_a_draft_nobody_saw_can_be_removed(conference):
    recommendation = drafted(conference, make.published(conference))
    recommendations.edit(recommendation, {"is_public": True})
    with pytest.raises(RecommendationStays):
        recommendations.remove(recommendation)

    recommendations.edit(recommendation, {"is_public": False})
    edition = in_an_edition(recommendation)
    with pytest.raises(RecommendationStays):
        recommendations.remove(recommendation)
    with transaction():
        db.session.delete(db.session.get(Edition, edition.id))

    recommendations.remove(recommendation)
    assert db.session.scalars(select(Recommendation)).all() == []
    assert db.session.scalars(select(StatusUpdate)).all() == []

    discussed = drafted(conference)
    take(discussed, S.IN_CONSULTATION, S.DRAFTED)
    with pytest.raises(RecommendationStays):
        recommendations.remove(discussed)


def in_an_edition(recommendation):
    with transaction():
        edition = Edition(
            host_id=recommendation.host_id,
            conference_id=recommendation.conference_id,
            number=1,
            published_on=date(2026, 3, 2),
            snapshot={"recommendations": [{"number": recommendation.number}], "contributions": []},
            sha256="0" * 64,
        )
        db.session.add(edition)
    return edition


def test_every_write_raises_the_version(conference, today):
    voice = make.published(conference)
    versions = [conference.version]

    def raised():
        db.session.refresh(conference)
        versions.append(conference.version)
        return versions[-1] > versions[-2]

    recommendation = drafted(conference, voice)
    assert raised()
    recommendations.edit(recommendation, {"goal": "Bis 2031."})
    assert raised()
    take(recommendation, S.IN_CONSULTATION)
    assert raised()
    recommendations.tell_news(recommendation, happened_on=today, text="Neu.")
    assert raised()
    evidence.remove(recommendation, recommendation.evidence[0].id)
    assert raised()
    evidence.add(recommendation, contribution_ids=[voice.id])
    assert raised()
    recommendations.remove(drafted(conference))
    assert raised()
