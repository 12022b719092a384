"""The conference's own questions: what is asked, and which answers fit."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, select

from app.database import db, now, transaction
from app.domain import editing, history, secrets, versions
from app.domain.errors import AlreadyCancelled, AnswerMissing, AnswerUnfit, ChangedMeanwhile, SignupClosed
from app.models import Answer, Conference, EventKind, Question, QuestionKind, Registration, SignupState

LONGEST = {QuestionKind.TEXT: 200, QuestionKind.LONG_TEXT: 3000}
_CHOICE = (QuestionKind.SINGLE, QuestionKind.SOCIAL_SPACE)
_LISTS = (QuestionKind.MULTI, QuestionKind.RANKING)


def asked(conference: Conference) -> list[Question]:
    """The questions that are switched on, in order."""
    return list(
        db.session.scalars(
            select(Question)
            .where(Question.conference_id == conference.id, Question.is_on.is_(True))
            .order_by(Question.position)
        )
    )


def save_answers(registration: Registration, answers: Mapping[int, Any]) -> None:
    """Let these be the answers of `registration`, by question id, within the open transaction.

    What is not asked, or not shown because of another answer, is not kept. Raises AnswerMissing and AnswerUnfit with
    the field `question-ID`.
    """
    questions = asked(registration.conference)
    fitting = check(questions, answers)
    # What was answered to a question that is off by now stays, for as long as that question says.
    theirs = (Answer.registration_id == registration.id, Answer.question_id.in_([it.id for it in questions]))
    db.session.execute(delete(Answer).where(*theirs))
    for question_id, value in fitting.items():
        db.session.add(
            Answer(
                host_id=registration.host_id,
                conference_id=registration.conference_id,
                registration_id=registration.id,
                question_id=question_id,
                value=secrets.encrypt(json.dumps(value, ensure_ascii=False)),
            )
        )
    db.session.flush()


def seen(registration: Registration) -> str:
    """A mark of the answers that are stored now to what is asked now."""
    return editing.seen(_answers_to(asked(registration.conference), registration))


def change_answers(
    registration: Registration, answers: Mapping[int, Any], *, shown: str | None = None
) -> None:
    """Let these be the answers of `registration` from now on; doing it twice changes nothing.

    Raises AlreadyCancelled, SignupClosed, AnswerMissing and AnswerUnfit with the field, and ChangedMeanwhile for a page
    that has `shown` other answers (see `seen`).
    """
    with transaction():
        versions.raise_conference(registration.conference_id)
        if not registration.is_live:
            raise AlreadyCancelled
        if not can_change(registration):
            raise SignupClosed
        before = answers_of(registration)
        here = asked(registration.conference)
        stored = _answers_to(here, registration)
        if (
            shown not in (None, editing.seen(stored))
            and {str(number): value for number, value in check(here, answers).items()} != stored
        ):
            raise ChangedMeanwhile
        save_answers(registration, answers)
        if answers_of(registration) != before:
            registration.changed_at = now()
            history.note(registration, EventKind.CHANGED)


def can_change(registration: Registration) -> bool:
    """Whether a household can still answer otherwise: as long as others can register, or wait for it."""
    return registration.is_live and registration.conference.signup_state(now()) in (
        SignupState.OPEN,
        SignupState.FULL,
    )


def check(questions: list[Question], answers: Mapping[int, Any]) -> dict[int, Any]:
    """The answers that are kept, by question id. Raises AnswerMissing and AnswerUnfit with the field."""
    kept: dict[int, Any] = {}
    for question in questions:
        if not is_shown(question, kept):
            continue
        value = answers.get(question.id)
        if value is None or value == "" or value == []:
            if question.is_required:
                raise AnswerMissing(field=field_of(question), question=str(question.label))
            continue
        if not _fits(question, value):
            raise AnswerUnfit(field=field_of(question), question=str(question.label))
        kept[question.id] = value
    return kept


def is_shown(question: Question, answers: Mapping[int, Any]) -> bool:
    """Whether `question` is shown to somebody who has given these answers to the ones before it."""
    return applies(question.shown_if_id, question.shown_if_options, answers)


def applies(question_id: int | None, options: Collection[str], answers: Mapping[int, Any]) -> bool:
    """Whether question `question_id` was answered with one of `options`; without a question it always applies."""
    if question_id is None:
        return True
    value = answers.get(question_id)
    given = set(value) if isinstance(value, list) else {value}
    return bool(given & set(options))


def answers_of(registration: Registration) -> dict[int, Any]:
    """What was answered, by question id. Raises VaultLocked."""
    rows = db.session.scalars(select(Answer).where(Answer.registration_id == registration.id))
    return {row.question_id: json.loads(secrets.decrypt(row.value)) for row in rows}


def _answers_to(questions: list[Question], registration: Registration) -> dict[str, Any]:
    ids = {question.id for question in questions}
    return {str(number): value for number, value in answers_of(registration).items() if number in ids}


def field_of(question: Question) -> str:
    """The name of its field in forms."""
    return f"question-{question.id}"


def _fits(question: Question, value: Any) -> bool:
    keys = [option["key"] for option in question.options]
    if question.kind in _CHOICE:
        return value in keys
    if question.kind in _LISTS:
        return isinstance(value, list) and len(set(value)) == len(value) and set(value) <= set(keys)
    if question.kind is QuestionKind.NUMBER:
        low, high = question.least, question.most
        return isinstance(value, int) and (low is None or value >= low) and (high is None or value <= high)
    return isinstance(value, str) and len(value) <= LONGEST[question.kind]
