"""Setting up a conference's own questions: their words, kinds, options, order, and what each depends on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import exists, func, select

from app.database import db
from app.domain import editing, secrets, slugs
from app.domain.errors import (
    BoundsUnfit,
    ConditionOutOfOrder,
    ConditionUnfit,
    KindAnswered,
    NotFound,
    OptionAnswered,
    OptionDecides,
    OptionsMissing,
    OptionsTooMany,
    OptionTwice,
    QuestionAnswered,
    QuestionDecides,
    QuestionLabelMissing,
)
from app.models import Answer, Conference, Question, QuestionKind, Translated

TEXTS = ("label", "help")
FIELDS = (
    *TEXTS,
    "kind",
    "is_on",
    "is_required",
    "options",
    "least",
    "most",
    "shown_if_id",
    "shown_if_options",
    "retention_days",
)
CHOICES = frozenset(
    {QuestionKind.SINGLE, QuestionKind.MULTI, QuestionKind.RANKING, QuestionKind.SOCIAL_SPACE}
)
# Answers of these kinds can decide whether another question is asked.
DECIDING = frozenset({QuestionKind.SINGLE, QuestionKind.MULTI, QuestionKind.SOCIAL_SPACE})
MOST_OPTIONS = {QuestionKind.RANKING: 10}
MOST = 60


def all_of(conference: Conference) -> list[Question]:
    """The questions in their order, also those that are switched off: one statement."""
    return list(
        db.session.scalars(
            select(Question)
            .where(Question.conference_id == conference.id)
            .order_by(Question.position, Question.id)
        )
    )


def values(question: Question) -> dict[str, Any]:
    """What is stored of it (`FIELDS`): texts and options in German, options as lines."""
    found = editing.values(question, FIELDS)
    found["options"] = [str(Translated(option["label"])) for option in question.options]
    return found


def add(conference: Conference, wanted: Mapping[str, Any]) -> Question:
    """Ask one more question (`FIELDS`), after the others; the same question sent twice is added once.

    Raises QuestionLabelMissing, OptionsMissing, OptionsTooMany, OptionTwice, BoundsUnfit, ConditionUnfit.
    """
    with editing.writing(conference):
        present = all_of(conference)
        wanted = _tidy(wanted, present)
        for question in present:
            if values(question) == wanted:
                return question
        question = Question(
            host_id=conference.host_id,
            conference_id=conference.id,
            key=slugs.free(wanted["label"], {other.key for other in present}, otherwise="frage"),
            position=len(present) + 1,
            **{name: Translated(value) if name in TEXTS else value for name, value in wanted.items()},
        )
        question.options = options_from([], wanted["options"])
        db.session.add(question)
        db.session.flush()
    return question


def edit(
    conference: Conference, question_id: int, wanted: Mapping[str, Any], *, shown: str | None = None
) -> None:
    """Save `FIELDS`. An option keeps its key while its words stay, and when one line is reworded in its place.

    Raises what `add` raises; KindAnswered and OptionAnswered for what answers need, OptionDecides and QuestionDecides
    for what other questions need, NotFound, ChangedMeanwhile.
    """
    with editing.writing(conference):
        present = all_of(conference)
        question = _of(present, question_id)
        before = [other for other in present if other.position < question.position]
        wanted = _tidy(wanted, before)
        editing.refuse_if_changed(values(question), wanted, shown)
        options = options_from(question.options, wanted["options"])
        _keep_what_is_needed(question, present, wanted["kind"], options)
        editing.save(question, {name: value for name, value in wanted.items() if name != "options"})
        if question.options != options:
            question.options = options
        db.session.flush()


def remove(conference: Conference, question_id: int) -> None:
    """Take a question away that nobody has answered. Raises QuestionAnswered, QuestionDecides, NotFound."""
    with editing.writing(conference):
        present = all_of(conference)
        question = _of(present, question_id)
        if is_answered(question):
            raise QuestionAnswered
        for other in present:
            if other.shown_if_id == question_id:
                raise QuestionDecides(question=str(other.label))
        db.session.delete(question)
        _number([other for other in present if other is not question])


def reorder(conference: Conference, order: Sequence[int]) -> None:
    """Ask the questions in this order.

    Raises OrderUnfit unless `order` names each once, ConditionOutOfOrder for one that would stand before what it
    depends on.
    """
    with editing.writing(conference):
        present = {question.id: question for question in all_of(conference)}
        order = editing.complete_order(order, present)
        for question in present.values():
            other = question.shown_if_id
            if other is not None and order.index(other) > order.index(question.id):
                raise ConditionOutOfOrder(question=str(question.label), other=str(present[other].label))
        _number([present[question_id] for question_id in order])


def move(conference: Conference, question_id: int, *, up: bool) -> None:
    """Ask one question before its neighbour or after it. Raises OrderUnfit, ConditionOutOfOrder."""
    with editing.writing(conference):
        order = [question.id for question in all_of(conference)]
        reorder(conference, editing.moved(order, question_id, up=up))


def answered(conference: Conference) -> dict[int, int]:
    """How many have answered each question, by its id; questions without answers are left out: one statement."""
    rows = db.session.execute(
        select(Answer.question_id, func.count())
        .where(Answer.conference_id == conference.id)
        .group_by(Answer.question_id)
    )
    return dict(rows.all())


def _tidy(wanted: Mapping[str, Any], before: Sequence[Question]) -> dict[str, Any]:
    """What is kept of the values: nothing that the kind does not use. Raises what is wrong with them."""
    kind: QuestionKind = wanted["kind"]
    if not wanted["label"]:
        raise QuestionLabelMissing
    kept = dict(wanted)
    kept["options"] = _lines(kind, wanted["options"])
    if kind is not QuestionKind.NUMBER:
        kept["least"] = kept["most"] = None
    least, most = kept["least"], kept["most"]
    if least is not None and most is not None and most < least:
        raise BoundsUnfit
    kept["shown_if_options"] = _condition(wanted["shown_if_id"], wanted["shown_if_options"], before)
    return kept


def _lines(kind: QuestionKind, lines: Sequence[str]) -> list[str]:
    if kind not in CHOICES:
        return []
    if len(lines) < 2:
        raise OptionsMissing
    most = MOST_OPTIONS.get(kind, MOST)
    if len(lines) > most:
        raise OptionsTooMany(count=len(lines), most=most)
    for number, line in enumerate(lines):
        if line in lines[:number]:
            raise OptionTwice(option=line)
    return list(lines)


def _condition(other_id: int | None, keys: Sequence[str], before: Sequence[Question]) -> list[str]:
    if other_id is None:
        return []
    other = next((question for question in before if question.id == other_id), None)
    if other is None or other.kind not in DECIDING:
        raise ConditionUnfit
    known = [option["key"] for option in other.options]
    if not keys or set(keys) - set(known):
        raise ConditionUnfit
    return [key for key in known if key in keys]


def options_from(stored: Sequence[Mapping[str, Any]], lines: Sequence[str]) -> list[dict[str, Any]]:
    """The options with these German words: equal words keep key and translations.

    As many new lines as lines are gone: then those were reworded, in their order, and keep theirs too.
    """
    known = {str(Translated(option["label"])): option for option in stored}
    gone = [option for words, option in known.items() if words not in lines]
    new = [line for line in lines if line not in known]
    reworded = dict(zip(new, gone, strict=True)) if len(new) == len(gone) else {}
    taken = {option["key"] for option in stored}
    result = []
    for line in lines:
        option = known.get(line) or reworded.get(line)
        if option is None:
            option = {"key": slugs.free(line, taken, otherwise="antwort"), "label": {}}
            taken.add(option["key"])
        label = Translated(option["label"]).with_text("de", line)
        result.append({"key": option["key"], "label": dict(label)})
    return result


def _keep_what_is_needed(
    question: Question, present: Sequence[Question], kind: QuestionKind, options: Sequence[Mapping[str, Any]]
) -> None:
    """Raise when answers given, or questions that depend on this one, need what would be gone."""
    left = {option["key"] for option in options}
    gone = {
        option["key"]: str(Translated(option["label"]))
        for option in question.options
        if option["key"] not in left
    }
    for other in present:
        if other.shown_if_id != question.id:
            continue
        if kind not in DECIDING:
            raise QuestionDecides(question=str(other.label), field="kind")
        for key in other.shown_if_options:
            if key in gone:
                raise OptionDecides(question=str(other.label), option=gone[key])
    if kind is not question.kind and is_answered(question):
        raise KindAnswered
    if gone:
        for key in chosen_in(question):
            if key in gone:
                raise OptionAnswered(option=gone[key])


def is_answered(question: Question) -> bool:
    """Whether anybody has answered it."""
    return bool(db.session.scalar(select(exists().where(Answer.question_id == question.id))))


def chosen_in(question: Question) -> set[str]:
    """The keys of all options that were chosen. Raises VaultLocked."""
    chosen: set[str] = set()
    for sealed in db.session.scalars(select(Answer.value).where(Answer.question_id == question.id)):
        value = json.loads(secrets.decrypt(sealed))
        chosen.update(value if isinstance(value, list) else [value])
    return chosen


def _of(present: Sequence[Question], question_id: int) -> Question:
    found = next((question for question in present if question.id == question_id), None)
    if found is None:
        raise NotFound
    return found


def _number(questions: Sequence[Question]) -> None:
    for position, question in enumerate(questions, start=1):
        question.position = position
    db.session.flush()
