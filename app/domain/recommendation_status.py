"""The way of a recommendation: which step leads from which status to which, and what must be there for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.errors import NoStepLeft, StepNotPossible
from app.domain.words import RECOMMENDATION_STATUS
from app.models import Recommendation, RecommendationStatus

_S = RecommendationStatus
_DECIDED = (_S.PLANNED, _S.IN_PROGRESS, _S.DEFERRED, _S.STOPPED)
# The one table of legal transitions, each list in the order in which steps are offered.
TRANSITIONS: dict[RecommendationStatus, tuple[RecommendationStatus, ...]] = {
    _S.COLLECTED: (_S.DRAFTED,),
    _S.DRAFTED: (_S.IN_CONSULTATION, _S.SUBMITTED),
    _S.IN_CONSULTATION: (_S.PRIORITISED, _S.SUBMITTED, _S.DRAFTED),
    _S.PRIORITISED: (_S.SUBMITTED, _S.DRAFTED),
    _S.SUBMITTED: (_S.ADOPTED, _S.ADOPTED_AMENDED, _S.NOTED, _S.REJECTED, _S.DRAFTED),
    _S.ADOPTED: _DECIDED,
    _S.ADOPTED_AMENDED: _DECIDED,
    _S.NOTED: _DECIDED,
    _S.REJECTED: (),
    _S.PLANNED: (_S.IN_PROGRESS, _S.DEFERRED, _S.STOPPED),
    _S.IN_PROGRESS: (_S.DONE, _S.STOPPED, _S.DEFERRED),
    _S.DONE: (),
    _S.STOPPED: (_S.PLANNED,),
    _S.DEFERRED: (_S.PLANNED, _S.IN_PROGRESS, _S.STOPPED),
}
# Residents do not see these unless staff show them.
PRIVATE = frozenset({_S.COLLECTED, _S.DRAFTED})
# Before these nobody outside has been asked to decide, and fields may still be empty.
OPEN = PRIVATE | {_S.IN_CONSULTATION, _S.PRIORITISED}
# From here on somebody cares for it.
CARED_FOR = frozenset({_S.IN_PROGRESS, _S.DONE})
# Nobody owes a next step any more.
ENDS = frozenset({_S.REJECTED, _S.DONE, _S.STOPPED})
# Somebody decides, and everybody may know who.
DECISIONS = frozenset({_S.ADOPTED, _S.ADOPTED_AMENDED, _S.NOTED, _S.REJECTED})

_NEEDED = (
    ("title", _l("Ohne Titel kann die Empfehlung nicht vorgelegt werden.")),
    ("field_of_action", _l("Ohne Handlungsfeld kann die Empfehlung nicht vorgelegt werden.")),
    ("need", _l("Ohne Bedarf kann die Empfehlung nicht vorgelegt werden: Was fehlt heute?")),
    ("goal", _l("Ohne Ziel kann die Empfehlung nicht vorgelegt werden: Was soll erreicht sein?")),
    ("lead", _l("Ohne zuständige Stelle kann die Empfehlung nicht vorgelegt werden.")),
    ("answer", _l("Ohne Antwort an die Menschen kann die Empfehlung nicht vorgelegt werden.")),
)
_EVIDENCE = _l("Ohne Beleg kann die Empfehlung nicht vorgelegt werden: Auf welche Stimmen stützt sie sich?")
_CARETAKER = _l("Ohne jemanden, der sich kümmert, kann die Arbeit nicht beginnen.")
_RESULT = _l("Bitte schreiben Sie, was herausgekommen ist.")


@dataclass(frozen=True)
class Gap:
    """One thing a status needs and a recommendation lacks; `field` names where it goes."""

    field: str
    sentence: Any


def refuse_jump(now: RecommendationStatus, wanted: RecommendationStatus) -> None:
    """Raise StepNotPossible or NoStepLeft unless a step leads from `now` to `wanted`."""
    possible = TRANSITIONS[now]
    if wanted in possible:
        return
    if not possible:
        raise NoStepLeft(now=RECOMMENDATION_STATUS[now])
    names = ", ".join(f"„{RECOMMENDATION_STATUS[status]}“" for status in possible)
    raise StepNotPossible(
        now=RECOMMENDATION_STATUS[now], wanted=RECOMMENDATION_STATUS[wanted], possible=names
    )


def gaps(values: Mapping[str, Any], status: RecommendationStatus, *, standing: int | None) -> list[Gap]:
    """All that `status` needs and the values of a recommendation lack, in the order of the form.

    `standing` is how many pieces of evidence are public; None leaves the evidence out.
    """
    found = []
    if status not in OPEN:
        found += [Gap(name, sentence) for name, sentence in _NEEDED if not str(values[name]).strip()]
        if standing == 0:
            found.append(Gap("evidence", _EVIDENCE))
    if status in CARED_FOR and not values["caretaker"].strip():
        found.append(Gap("caretaker", _CARETAKER))
    if status is _S.DONE and not values["result"].strip():
        found.append(Gap("result", _RESULT))
    return found


def gaps_for_step(values: Mapping[str, Any], status: RecommendationStatus, *, standing: int) -> list[Gap]:
    """What keeps a recommendation from a step to `status`.

    The great gate stands before it is submitted. Later on it can go its way although a voice was taken back since, or
    a file has brought it without a need.
    """
    found = gaps(values, status, standing=standing)
    if status is _S.SUBMITTED:
        return found
    return [gap for gap in found if gap.field in ("caretaker", "result")]


def missing(recommendation: Recommendation, standing: int) -> list[Gap]:
    """What keeps it from its next status: before it is submitted all of that, later what its own status lives on."""
    if recommendation.status in OPEN:
        return gaps(vars_of(recommendation), _S.SUBMITTED, standing=standing)
    found = gaps(vars_of(recommendation), recommendation.status, standing=standing)
    return [gap for gap in found if gap.field in ("lead", "evidence", "caretaker", "result")]


def vars_of(recommendation: Recommendation) -> dict[str, Any]:
    """The fields that a status may need, by name."""
    names = (*(name for name, _ in _NEEDED), "caretaker", "result")
    return {name: getattr(recommendation, name) for name in names}


LONG_TITLE = 90
# Small letters alone: „Schatten“ is no verb.
_VERB_AT_END = re.compile(r"(?<!\w)(tun|sein|[a-zäöüß]+(en|ern|eln))[.!]?$")
_DATE = re.compile(r"\b(19|20)\d\d\b")
_VAGUE = re.compile(r"\bman\s+(sollte|könnte|müsste)\b|\b(sollte|könnte|müsste)\s+man\b", re.IGNORECASE)


def hints(recommendation: Recommendation) -> list[Gap]:
    """How it could be clearer. Nothing here keeps anybody from anything."""
    title, goal = recommendation.title.strip(), recommendation.goal
    everything = " ".join((title, recommendation.need, goal, *recommendation.measures, recommendation.answer))
    numbers = re.findall(r"\d+", _DATE.sub("", goal))
    spoken = re.search(
        r"\b(ein|eine|einen|einmal|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|hälfte|halb\w*|alle|jede\w*)\b",
        goal,
        re.IGNORECASE,
    )
    found = (
        (
            len(title) > LONG_TITLE,
            "title",
            _l("Der Titel ist lang. Mit höchstens 90 Zeichen bleibt er im Gedächtnis."),
        ),
        (
            not _VERB_AT_END.search(title),
            "title",
            _l(
                "Sagt der Titel, was getan werden soll? Zum Beispiel: „Beratung in drei Stadtteilen anbieten“."
            ),
        ),
        (
            bool(_VAGUE.search(everything)),
            "title",
            _l("„Man sollte“ sagt nicht, wer etwas tut. Nennen Sie die Stelle und was sie tut."),
        ),
        (
            bool(re.search(r",|;|/| und ", recommendation.lead)),
            "lead",
            _l("Hier stehen mehrere Stellen. Eine sollte zuständig sein, die anderen sind Beteiligte."),
        ),
        (
            recommendation.target_date is None,
            "target_date",
            _l("Bis wann? Mit einem Datum kann jeder nachsehen, ob es geklappt hat."),
        ),
        (
            bool(goal.strip()) and not numbers and spoken is None,
            "goal",
            _l("Nennen Sie im Ziel eine Zahl: Woran erkennt man, dass es erreicht ist?"),
        ),
    )
    return [Gap(field, sentence) for applies, field, sentence in found if applies]
