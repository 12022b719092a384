"""Moderation of contributions: nothing is public without a decision, and each decision is noted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select, update

from app.database import db, now
from app.domain import editing, local_time, search
from app.domain.contributions import Words, hand_in, let_stand_alone, refuse_unfit, refuse_unfit_place
from app.domain.errors import (
    AlreadyWithdrawn,
    ChangedMeanwhile,
    NotFound,
    OfficeMissing,
    OriginalUnfit,
    ReplyMissing,
)
from app.models import (
    Conference,
    Contribution,
    ContributionChannel,
    ContributionReport,
    ContributionStatus,
    ModerationDecision,
    RejectionReason,
    StaffMember,
    TranslatedBy,
)

# What staff type when they enter a card, a call or a letter, and can correct.
ENTRY = ("text", "kind", "language", "topic_id", "working_group_id", "display_name")


def seen(contribution: Contribution) -> str:
    """A short name for what staff decide about; a decision about something else is refused.

    All that its author can still change and everybody would read is part of it.
    """
    return editing.seen(
        {
            "status": contribution.status.value,
            "text": contribution.text,
            "name": contribution.display_name,
            "kind": contribution.kind,
            "language": contribution.language,
            "of": contribution.duplicate_of_id,
            "office": contribution.forwarded_to,
        }
    )


def review(contribution: Contribution, *, by: StaffMember | None = None) -> None:
    """Note that somebody has begun to look at it: from now on the author cannot change it."""
    with editing.writing(contribution.conference):
        if contribution.status is ContributionStatus.RECEIVED:
            _note(contribution, ContributionStatus.IN_REVIEW, by)


def publish(
    contribution: Contribution, *, by: StaffMember | None = None, note: str = "", shown: str | None = None
) -> None:
    """Show it to everybody under a number of its own. Publishing again changes nothing.

    Raises AlreadyWithdrawn, ChangedMeanwhile when it is not what was `shown` any more.
    """
    with _deciding(contribution):
        if contribution.status is ContributionStatus.PUBLISHED:
            return
        _refuse_if_changed(contribution, shown)
        _make_public(contribution)
        contribution.duplicate_of_id = None
        _note(contribution, ContributionStatus.PUBLISHED, by, note)


def mark_duplicate(
    contribution: Contribution,
    original_number: int,
    *,
    by: StaffMember | None = None,
    note: str = "",
    shown: str | None = None,
) -> None:
    """Show it as saying the same as another one; it keeps its words, its number, its page and its evidence.

    A duplicate of a duplicate counts for the original of both. Raises OriginalUnfit, AlreadyWithdrawn,
    ChangedMeanwhile.
    """
    with _deciding(contribution):
        original = db.session.scalar(
            select(Contribution).where(
                Contribution.conference_id == contribution.conference_id,
                Contribution.number == original_number,
            )
        )
        if original is not None and original.duplicate_of_id is not None:
            original = db.session.get(Contribution, original.duplicate_of_id)
        if original is None or original.id == contribution.id or not original.is_public:
            raise OriginalUnfit(number=original_number)
        if contribution.duplicate_of_id == original.id:
            return
        _refuse_if_changed(contribution, shown)
        db.session.execute(
            update(Contribution)
            .where(Contribution.duplicate_of_id == contribution.id)
            .values(duplicate_of_id=original.id)
            .execution_options(synchronize_session="fetch")
        )
        _make_public(contribution)
        contribution.duplicate_of_id = original.id
        _note(contribution, ContributionStatus.DUPLICATE, by, note)


def reject(
    contribution: Contribution,
    reason: RejectionReason,
    reply: str,
    *,
    by: StaffMember | None = None,
    note: str = "",
    shown: str | None = None,
) -> None:
    """Do not show it; the author reads `reply`, a kind sentence, with the code.

    What was public before also stands in editions: app.domain.taking_back.reject takes it out of those as well.
    Raises ReplyMissing, AlreadyWithdrawn, ChangedMeanwhile.
    """
    with _deciding(contribution):
        if not reply.strip():
            raise ReplyMissing
        before = (contribution.status, contribution.rejection_reason, contribution.reply)
        if before == (ContributionStatus.REJECTED, reason, reply):
            return
        _refuse_if_changed(contribution, shown)
        _hide(contribution)
        contribution.rejection_reason, contribution.reply = reason, reply
        _note(contribution, ContributionStatus.REJECTED, by, note, reason)


def forward(
    contribution: Contribution,
    office: str,
    reply: str = "",
    *,
    by: StaffMember | None = None,
    note: str = "",
    shown: str | None = None,
) -> None:
    """Hand it to an office that can act at once; it is not shown, and the author reads with the code who has it.

    For what was public before see app.domain.taking_back.forward. Raises OfficeMissing, AlreadyWithdrawn,
    ChangedMeanwhile.
    """
    with _deciding(contribution):
        if not office.strip():
            raise OfficeMissing
        before = (contribution.status, contribution.forwarded_to, contribution.reply)
        if before == (ContributionStatus.FORWARDED, office, reply):
            return
        _refuse_if_changed(contribution, shown)
        _hide(contribution)
        contribution.forwarded_to, contribution.reply = office, reply
        _note(contribution, ContributionStatus.FORWARDED, by, note)


def arrange(
    contribution: Contribution,
    *,
    topic_id: int | None,
    working_group_id: int | None,
    shown: str | None = None,
) -> None:
    """Put it under a topic and a group, or under none. Raises NotFound, AlreadyWithdrawn, ChangedMeanwhile.

    `shown` is here and below what app.domain.editing.seen says of the values that were shown.
    """
    with _deciding(contribution):
        _save(contribution, {"topic_id": topic_id, "working_group_id": working_group_id}, shown)


def translate(
    contribution: Contribution,
    german: str,
    by: TranslatedBy = TranslatedBy.HUMAN,
    *,
    reviewed: bool = True,
    shown: str | None = None,
) -> None:
    """Put a German translation beside the words, which stay as they are; empty takes it away.

    Raises AlreadyWithdrawn, ChangedMeanwhile.
    """
    text = german.strip()
    wanted = {
        "german": text,
        "german_by": by if text else None,
        "german_reviewed": reviewed and bool(text),
    }
    with _deciding(contribution):
        _save(contribution, wanted, shown)
        reindex(contribution)


def answer(contribution: Contribution, text: str, *, shown: str | None = None) -> None:
    """Answer beside the words, for everybody; empty takes the answer away.

    Raises AlreadyWithdrawn, ChangedMeanwhile.
    """
    with _deciding(contribution):
        if _save(contribution, {"answer": text.strip()}, shown):
            contribution.answered_on = local_time.day_of(now()) if contribution.answer else None


def enter(
    conference: Conference,
    words: Words,
    *,
    submission: str,
    channel: ContributionChannel,
    with_code: bool = False,
    publish_now: bool = False,
    by: StaffMember | None = None,
    note: str = "",
) -> tuple[Contribution, str]:
    """Keep what staff type from a card, a call or a letter, and with `publish_now` decide to publish it at once.

    Returns the contribution and the code for its author, empty without `with_code`. The same form sent twice enters
    it once. Raises what app.domain.contributions.hand_in raises.
    """
    with editing.writing(conference):
        contribution, code = hand_in(
            conference, words, submission=submission, channel=channel, with_code=with_code, by_staff=True
        )
        if publish_now and contribution.is_undecided:
            publish(contribution, by=by, note=note)
    return contribution, code


def correct_entry(contribution: Contribution, words: Words, *, shown: str | None = None) -> None:
    """Correct what staff mistyped from a card, a call or a letter.

    Raises NotFound for what came over the internet, TextMissing, AlreadyWithdrawn, ChangedMeanwhile.
    """
    with _deciding(contribution):
        if contribution.channel is ContributionChannel.WEB:
            raise NotFound
        refuse_unfit(contribution.conference_id, words)
        _save(contribution, {name: getattr(words, name) for name in ENTRY}, shown)
        reindex(contribution)


def handle_reports(contribution: Contribution, shown: Collection[int] | None = None) -> None:
    """Note that staff have looked at what readers reported about it: at the reports `shown`, by id; None: at all.

    What arrived since nobody has read, and it stays open.
    """
    with editing.writing(contribution.conference):
        db.session.execute(
            update(ContributionReport)
            .where(
                ContributionReport.contribution_id == contribution.id,
                ContributionReport.handled_at.is_(None),
                *([] if shown is None else [ContributionReport.id.in_(shown)]),
            )
            .values(handled_at=now())
            .execution_options(synchronize_session=False)
        )


def reindex(contribution: Contribution) -> None:
    """Let the search find what is public of it, and nothing else."""
    contribution.search_words = (
        search.index((contribution.text or "", contribution.language), (contribution.german, "de"))
        if contribution.is_public
        else ""
    )


@contextmanager
def _deciding(contribution: Contribution) -> Iterator[None]:
    with editing.writing(contribution.conference):
        if contribution.status is ContributionStatus.WITHDRAWN:
            raise AlreadyWithdrawn
        yield


def _refuse_if_changed(contribution: Contribution, shown: str | None) -> None:
    """The same decision twice is no conflict: it has returned before this is asked."""
    if shown is not None and shown != seen(contribution):
        raise ChangedMeanwhile


def _save(contribution: Contribution, wanted: Mapping[str, Any], shown: str | None) -> set[str]:
    refuse_unfit_place(
        contribution.conference_id,
        topic_id=wanted.get("topic_id"),
        working_group_id=wanted.get("working_group_id"),
    )
    editing.refuse_if_changed(editing.values(contribution, wanted), wanted, shown)
    return editing.save(contribution, wanted)


def _make_public(contribution: Contribution) -> None:
    if contribution.number is None:
        conference = contribution.conference
        conference.last_contribution_number += 1
        contribution.number = conference.last_contribution_number
    contribution.rejection_reason = None
    contribution.forwarded_to = contribution.reply = ""


def _hide(contribution: Contribution) -> None:
    contribution.duplicate_of_id = contribution.rejection_reason = None
    contribution.forwarded_to = contribution.reply = ""


def _note(
    contribution: Contribution,
    status: ContributionStatus,
    by: StaffMember | None,
    note: str = "",
    reason: RejectionReason | None = None,
) -> None:
    was_public = contribution.is_public
    contribution.status = status
    if not contribution.is_undecided:
        contribution.decided_on = local_time.day_of(now())
    db.session.add(
        ModerationDecision(
            host_id=contribution.host_id,
            conference_id=contribution.conference_id,
            contribution_id=contribution.id,
            status=status,
            reason=reason,
            note=note,
            staff_member_id=by.id if by else None,
            decided_on=local_time.day_of(now()),
        )
    )
    reindex(contribution)
    db.session.flush()
    if was_public and not contribution.is_public:
        let_stand_alone(contribution)
