"""Recommendations: drafted from what people said, edited, put forward step by step; the history is only added to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from app.database import db, now
from app.domain import editing, evidence, local_time, recommendation_status, secrets
from app.domain.errors import (
    NewsMissing,
    NotFound,
    RecommendationStays,
    RecommendationTitleTooLong,
    ShownForGood,
    StepBeforeLast,
    StepInFuture,
    StepLacks,
    StepTaken,
    TitleMissing,
)
from app.domain.recommendation_status import DECISIONS, PRIVATE
from app.domain.words import RECOMMENDATION_STATUS
from app.models import (
    Conference,
    Edition,
    Recommendation,
    RecommendationStatus,
    StaffMember,
    StatusUpdate,
)

MAX_TITLE = 160
FIELDS = (
    "title",
    "field_of_action",
    "target_groups",
    "need",
    "goal",
    "measures",
    "lead",
    "partners",
    "caretaker",
    "horizon",
    "target_date",
    "priority",
    "answer",
    "result",
    "is_public",
)


def draft(
    conference: Conference,
    wanted: Mapping[str, Any],
    *,
    submission: str = "",
    contribution_ids: Iterable[int] = (),
    topic_ids: Iterable[int] = (),
    minutes_ids: Iterable[int] = (),
    status: RecommendationStatus = RecommendationStatus.DRAFTED,
    by: StaffMember | None = None,
) -> Recommendation:
    """Begin a recommendation on what people said; `wanted` holds fields by name, at least a title.

    It has a number of its own, rests on the evidence in the order given, and its history begins today. Nothing of it
    is public. `submission` is the form's own random id: the same form sent again returns what it drafted the first
    time. `status` is drafted, or collected for a mere note. Raises TitleMissing, RecommendationTitleTooLong, what
    `evidence.add` raises, NotFound for another status.
    """
    if status not in PRIVATE:
        raise NotFound
    mark = (
        secrets.digest("recommendation-submission", f"{conference.id}:{submission}") if submission else None
    )
    with editing.writing(conference):
        earlier = mark and db.session.scalar(
            select(Recommendation).where(Recommendation.submission_digest == mark)
        )
        if earlier:
            return earlier
        _refuse_title(wanted.get("title", ""))
        conference.last_recommendation_number += 1
        recommendation = Recommendation(
            host_id=conference.host_id,
            conference_id=conference.id,
            key=_free_key(conference),
            number=conference.last_recommendation_number,
            status=status,
            submission_digest=mark,
            **{name: wanted[name] for name in FIELDS if name in wanted},
        )
        db.session.add(recommendation)
        db.session.flush()
        evidence.append(recommendation, contribution_ids, topic_ids, minutes_ids)
        _note(recommendation, local_time.day_of(now()), "", "", by)
    return recommendation


def edit(recommendation: Recommendation, wanted: Mapping[str, Any], *, shown: str | None = None) -> set[str]:
    """Save fields by name; returns the names of what changed.

    Raises TitleMissing, RecommendationTitleTooLong, ChangedMeanwhile when somebody saved other values since the form
    was `shown`, ShownForGood, StepLacks when something is emptied that its status needs, NotFound when it is gone.
    """
    with evidence.writing(recommendation):
        stored = editing.values(recommendation, FIELDS)
        editing.refuse_if_changed(stored, wanted, shown)
        result = {**stored, **wanted}
        _refuse_title(result["title"])
        if stored["is_public"] and not result["is_public"] and is_shown_for_good(recommendation):
            raise ShownForGood
        lacking = recommendation_status.gaps(result, recommendation.status, standing=None)
        if any(str(stored[gap.field]).strip() for gap in lacking):
            # What was never there (a file brought it so) keeps nobody from mending the rest.
            raise StepLacks(lacking)
        changed = editing.save(recommendation, wanted)
        if changed:
            recommendation.changed_at = now()
        return changed


def is_shown_for_good(recommendation: Recommendation) -> bool:
    """True once it has left the desk: residents keep seeing it from then on."""
    return any(update.status not in PRIVATE for update in recommendation.history) or (
        recommendation.status not in PRIVATE
    )


def remove(recommendation: Recommendation) -> None:
    """Delete it for good, evidence and history with it. Raises RecommendationStays once anybody may have seen it."""
    with evidence.writing(recommendation):
        if (
            recommendation.status not in PRIVATE
            or recommendation.is_public
            or is_shown_for_good(recommendation)
            or _is_in_an_edition(recommendation)
        ):
            raise RecommendationStays
        db.session.delete(recommendation)


def advance(
    recommendation: Recommendation,
    status: RecommendationStatus,
    *,
    happened_on: date,
    text: str = "",
    decided_by: str = "",
    result: str = "",
    by: StaffMember | None = None,
) -> None:
    """Note that it has taken a step; the same step sent again changes nothing.

    From the consultation on residents see it. `result` is what has come of it, needed for done. Raises StepNotPossible
    and NoStepLeft for a jump, StepLacks with all that is missing, StepInFuture, StepBeforeLast, StepTaken when
    somebody else noted the same step with other words, NotFound when it is gone.
    """
    with evidence.writing(recommendation):
        if recommendation.status is status:
            _refuse_unless_repeated(recommendation, happened_on, text, decided_by)
            return
        recommendation_status.refuse_jump(recommendation.status, status)
        values = recommendation_status.vars_of(recommendation)
        if result.strip():
            values["result"] = result.strip()
        lacking = recommendation_status.gaps_for_step(
            values, status, standing=evidence.standing(recommendation)
        )
        if lacking:
            raise StepLacks(lacking)
        _refuse_day(recommendation, happened_on)
        recommendation.result = values["result"]
        recommendation.status = status
        recommendation.is_public = recommendation.is_public or status not in PRIVATE
        recommendation.changed_at = now()
        _note(recommendation, happened_on, text, decided_by if status in DECISIONS else "", by)


def tell_news(
    recommendation: Recommendation, *, happened_on: date, text: str, by: StaffMember | None = None
) -> None:
    """Add what is new to its history without a step; the same news sent again are kept once.

    Raises NewsMissing, StepInFuture, StepBeforeLast, NotFound when it is gone.
    """
    with evidence.writing(recommendation):
        if not text.strip():
            raise NewsMissing
        if recommendation.history and _says(recommendation.history[-1], happened_on, text, ""):
            return
        _refuse_day(recommendation, happened_on)
        recommendation.changed_at = now()
        _note(recommendation, happened_on, text, "", by)


def _refuse_title(title: str) -> None:
    if not title.strip():
        raise TitleMissing
    if len(title) > MAX_TITLE:
        raise RecommendationTitleTooLong(length=len(title), most=MAX_TITLE)


def _free_key(conference: Conference) -> str:
    """„E07“ for number 7; with a letter behind it where a file has brought that name already."""
    taken = set(
        db.session.scalars(select(Recommendation.key).where(Recommendation.conference_id == conference.id))
    )
    base = key = f"E{conference.last_recommendation_number:02d}"
    further = 1
    while key in taken:
        further += 1
        key = f"{base}-{further}"
    return key


def _refuse_day(recommendation: Recommendation, day: date) -> None:
    if day > local_time.day_of(now()):
        raise StepInFuture
    last = max((update.happened_on for update in recommendation.history), default=None)
    if last and day < last:
        raise StepBeforeLast(day=f"{last:%d.%m.%Y}")


def _refuse_unless_repeated(
    recommendation: Recommendation, happened_on: date, text: str, decided_by: str
) -> None:
    latest = recommendation.history[-1] if recommendation.history else None
    by_whom = decided_by if recommendation.status in DECISIONS else ""
    if latest is None or not _says(latest, happened_on, text, by_whom):
        raise StepTaken(now=RECOMMENDATION_STATUS[recommendation.status])


def _says(update: StatusUpdate, happened_on: date, text: str, decided_by: str) -> bool:
    return (update.happened_on, update.text, update.decided_by) == (
        happened_on,
        text.strip(),
        decided_by.strip(),
    )


def _note(
    recommendation: Recommendation, happened_on: date, text: str, decided_by: str, by: StaffMember | None
) -> None:
    recommendation.history.append(
        StatusUpdate(
            host_id=recommendation.host_id,
            conference_id=recommendation.conference_id,
            status=recommendation.status,
            happened_on=happened_on,
            text=text.strip(),
            decided_by=decided_by.strip(),
            staff_member_id=by.id if by else None,
        )
    )
    db.session.flush()


def _is_in_an_edition(recommendation: Recommendation) -> bool:
    snapshots = db.session.scalars(
        select(Edition.snapshot).where(Edition.conference_id == recommendation.conference_id)
    )
    return any(
        entry["number"] == recommendation.number
        for snapshot in snapshots
        for entry in snapshot["recommendations"]
    )
