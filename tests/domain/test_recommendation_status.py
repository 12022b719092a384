"""The way of a recommendation: one table of steps, what each needs, and hints that keep nobody from anything."""

import itertools

import pytest

from app.domain import recommendation_status
from app.domain.errors import NoStepLeft, StepNotPossible
from app.domain.recommendation_status import DECISIONS, ENDS, OPEN, PRIVATE, TRANSITIONS
from app.models import Recommendation, RecommendationStatus

S = RecommendationStatus
# Written out once more, by hand: from where to where a recommendation may go.
LEGAL = {
    "collected": "drafted",
    "drafted": "in_consultation submitted",
    "in_consultation": "prioritised submitted drafted",
    "prioritised": "submitted drafted",
    "submitted": "adopted adopted_amended noted rejected drafted",
    "adopted": "planned in_progress deferred stopped",
    "adopted_amended": "planned in_progress deferred stopped",
    "noted": "planned in_progress deferred stopped",
    "rejected": "",
    "planned": "in_progress deferred stopped",
    "in_progress": "done stopped deferred",
    "done": "",
    "stopped": "planned",
    "deferred": "planned in_progress stopped",
}


@pytest.mark.parametrize(("now", "wanted"), list(itertools.product(S, S)), ids=lambda status: status.value)
def test_only_the_steps_of_the_table_are_possible(app, now, wanted):
    if wanted.value in LEGAL[now.value].split():
        recommendation_status.refuse_jump(now, wanted)
    else:
        with pytest.raises((StepNotPossible, NoStepLeft)):
            recommendation_status.refuse_jump(now, wanted)


def test_every_status_can_be_reached():
    reached = {S.COLLECTED}
    for _ in S:
        reached |= {status for before in reached for status in TRANSITIONS[before]}

    assert reached == set(S)


def test_a_jump_says_where_it_stands_and_what_is_possible(app):
    with pytest.raises(StepNotPossible) as refused:
        recommendation_status.refuse_jump(S.DRAFTED, S.ADOPTED)

    assert str(refused.value) == (
        "Der Stand ist „Entwurf“. Von dort führt kein Schritt zu „beschlossen“. "
        "Möglich ist: „wird besprochen“, „der Politik vorgelegt“."
    )
    with pytest.raises(NoStepLeft, match="Damit ist die Empfehlung abgeschlossen"):
        recommendation_status.refuse_jump(S.DONE, S.PLANNED)


def test_the_sets_fit_the_table():
    assert PRIVATE < OPEN
    assert set() == OPEN & (DECISIONS | ENDS)
    assert {status for status in S if not TRANSITIONS[status]} <= ENDS


def values(**given):
    return {
        "title": "Bänke aufstellen",
        "field_of_action": "Wohnen",
        "need": "Es fehlen Bänke.",
        "goal": "Bis 2030 gibt es 20 Bänke.",
        "lead": "Tiefbauamt",
        "answer": "Wir stellen Bänke auf.",
        "caretaker": "",
        "result": "",
        **given,
    }


def fields(gaps):
    return [gap.field for gap in gaps]


def test_before_it_is_submitted_all_that_is_missing_is_named_at_once(app):
    empty = dict.fromkeys(values(), "") | {"title": "Bänke aufstellen", "need": " \n"}

    found = recommendation_status.gaps(empty, S.SUBMITTED, standing=0)

    assert fields(found) == ["field_of_action", "need", "goal", "lead", "answer", "evidence"]
    sentences = [str(gap.sentence) for gap in found]
    assert sentences[3] == "Ohne zuständige Stelle kann die Empfehlung nicht vorgelegt werden."
    assert sentences[5].startswith("Ohne Beleg kann die Empfehlung nicht vorgelegt werden")


@pytest.mark.parametrize(
    "status", [status for status in S if status in OPEN], ids=lambda status: status.value
)
def test_before_that_nothing_is_needed(status):
    assert recommendation_status.gaps(dict.fromkeys(values(), ""), status, standing=0) == []


def test_work_needs_somebody_who_cares_and_the_end_a_result():
    assert fields(recommendation_status.gaps(values(), S.PLANNED, standing=1)) == []
    assert fields(recommendation_status.gaps(values(), S.IN_PROGRESS, standing=1)) == ["caretaker"]
    assert fields(recommendation_status.gaps(values(), S.DONE, standing=1)) == ["caretaker", "result"]
    whole = values(caretaker="Bauhof", result="Es stehen 20 Bänke.")
    assert recommendation_status.gaps(whole, S.DONE, standing=1) == []
    # Without knowing the evidence nothing is said about it.
    assert recommendation_status.gaps(values(), S.SUBMITTED, standing=None) == []


def hinted(**given):
    recommendation = Recommendation(
        **{
            "title": "20 Bänke am Weg aufstellen",
            "need": "",
            "goal": "Bis 2030 gibt es 20 Bänke.",
            "measures": [],
            "lead": "Tiefbauamt",
            "target_date": None,
            "answer": "",
            **given,
        }
    )
    return fields(recommendation_status.hints(recommendation))


def test_hints(app):
    from datetime import date

    day = date(2030, 12, 31)
    assert hinted(target_date=day) == []
    assert hinted() == ["target_date"]
    assert hinted(target_date=day, title="Bänke und Schatten") == ["title"]
    assert hinted(target_date=day, title="Bänke aufstellen " * 6 + "aufstellen") == ["title"]
    assert hinted(target_date=day, lead="Tiefbauamt und Grünflächenamt") == ["lead"]
    assert hinted(target_date=day, goal="Bis 2030 gibt es mehr Bänke.") == ["goal"]
    assert hinted(target_date=day, goal="Jede Straße hat Bänke.") == []
    assert hinted(target_date=day, need="Man sollte etwas tun.") == ["title"]
    assert hinted(target_date=day, goal="") == []
