"""Contributions: somebody says something, follows it with a code of its own, changes it, takes it back."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sqlalchemy import delete, distinct, func, literal_column, select
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

from app.database import db, now, random_id, transaction
from app.domain import codes, editing, local_time, secrets
from app.domain.errors import (
    AlreadyModerated,
    AlreadyWithdrawn,
    ContributionsClosed,
    NotFound,
    TextMissing,
    UnknownContributionCode,
)
from app.models import (
    Conference,
    Contribution,
    ContributionChannel,
    ContributionKind,
    ContributionPhase,
    ContributionReport,
    ContributionStatus,
    ModerationDecision,
    ReportReason,
    Topic,
    WorkingGroup,
)

MAX_TEXT = 3000
# How long the table may be waited for when it is written anew.
MOST_WAIT_SECONDS = 3
_CODE = "contribution-code"


@dataclass(frozen=True)
class Words:
    """What somebody says; all but the text may stay as it is."""

    text: str
    kind: ContributionKind = ContributionKind.IDEA
    language: str = "de"
    working_group_id: int | None = None
    topic_id: int | None = None
    display_name: str = ""


def hand_in(
    conference: Conference,
    words: Words,
    *,
    submission: str,
    channel: ContributionChannel = ContributionChannel.WEB,
    notice_digest: str = "",
    with_code: bool = True,
    by_staff: bool = False,
) -> tuple[Contribution, str]:
    """Keep what somebody says until staff decide about it; nothing public changes.

    Returns the contribution and its code, which is empty without `with_code`. `submission` is the form's own random
    id: the same form sent again returns the contribution of the first time, with the same code. Who says it, and at
    what hour, is kept nowhere. Raises ContributionsClosed (staff may always enter cards, calls and letters, but not
    for a draft), TextMissing, NotFound for a group or topic of another conference.
    """
    conference_id = conference.id
    mark = secrets.digest("contribution-submission", f"{conference_id}:{submission}")
    try:
        with transaction():
            earlier = _by_submission(mark)
            if earlier:
                return earlier, _code_given(earlier, submission)
            phase = conference.contribution_phase(now())
            if phase is ContributionPhase.HIDDEN or (phase is not ContributionPhase.OPEN and not by_staff):
                raise ContributionsClosed
            refuse_unfit(conference_id, words)
            code = _free_code(submission) if with_code else ""
            contribution = Contribution(
                id=random_id(),
                host_id=conference.host_id,
                conference_id=conference_id,
                kind=words.kind,
                channel=channel,
                language=words.language,
                text=words.text,
                display_name=words.display_name,
                working_group_id=words.working_group_id,
                topic_id=words.topic_id,
                status=ContributionStatus.RECEIVED,
                received_on=local_time.day_of(now()),
                code_digest=codes.digest(code, purpose=_CODE) if code else None,
                submission_digest=mark,
                notice_digest=notice_digest,
            )
            db.session.add(contribution)
            db.session.flush()
    except IntegrityError:
        # The same form arrived twice at the same moment and the other one won.
        winner = _by_submission(mark)
        if winner is None:
            raise
        return winner, _code_given(winner, submission)
    return contribution, code


def change(contribution: Contribution, words: Words) -> None:
    """Let it say `words`, while nobody has decided about it. Raises AlreadyModerated, AlreadyWithdrawn, TextMissing."""
    with editing.writing(contribution.conference, quietly=True):
        if contribution.status is ContributionStatus.WITHDRAWN:
            raise AlreadyWithdrawn
        if contribution.status is not ContributionStatus.RECEIVED:
            raise AlreadyModerated
        refuse_unfit(contribution.conference_id, words)
        contribution.text = words.text
        contribution.kind = words.kind
        contribution.language = words.language
        contribution.working_group_id = words.working_group_id
        contribution.topic_id = words.topic_id
        contribution.display_name = words.display_name


def report(contribution: Contribution, reason: ReportReason, text: str, *, submission: str) -> None:
    """Tell staff that something is wrong with a public contribution; the same form sent twice tells it once."""
    mark = secrets.digest("contribution-report", f"{contribution.id}:{submission}")
    with transaction():
        known = db.session.scalar(
            select(ContributionReport.id).where(ContributionReport.submission_digest == mark)
        )
        if known is not None:
            return
        if not contribution.is_public:
            raise NotFound
        db.session.add(
            ContributionReport(
                host_id=contribution.host_id,
                conference_id=contribution.conference_id,
                contribution_id=contribution.id,
                reason=reason,
                text=text,
                submission_digest=mark,
                reported_on=local_time.day_of(now()),
            )
        )


def by_code(host_id: int, code: str) -> Contribution:
    """The contribution this code opens. Raises UnknownContributionCode, the same for wrong, foreign and malformed."""
    contribution = db.session.scalar(
        select(Contribution).where(
            Contribution.host_id == host_id, Contribution.code_digest == codes.digest(code, purpose=_CODE)
        )
    )
    if contribution is None:
        raise UnknownContributionCode
    return contribution


def opens(contribution: Contribution, code: str) -> bool:
    """True when `code` is the one of this contribution."""
    return codes.digest(code, purpose=_CODE) == contribution.code_digest


def holding_mark(contribution: Contribution) -> str:
    """What a browser keeps after the code was shown; it says nothing about the code."""
    return secrets.digest("contribution-holding", f"{contribution.id}:{contribution.code_digest}")[:40]


def mark_fits(contribution: Contribution, mark: str) -> bool:
    """True when `mark` is the one of this contribution."""
    return hmac.compare_digest(holding_mark(contribution).encode(), mark.encode())


def blend() -> int:
    """Write all contributions of earlier days anew, in the order of their random ids; returns how many.

    Postgres knows of each row where it lies and which transaction wrote it, and so in which order people came. After
    this all rows of earlier days were written by one transaction, long words kept beside the table included, and the
    whole table lies in the order of the ids. On SQLite rows always lie in that order. Nothing anybody sees changes;
    doing it twice writes nothing.
    """
    if db.session().get_bind().dialect.name != "postgresql":
        return 0
    earlier = Contribution.received_on < local_time.day_of(now())
    with transaction():
        writers = db.session.scalar(select(func.count(distinct(literal_column("xmin::text")))).where(earlier))
        lying = list(
            db.session.scalars(select(Contribution.id).where(earlier).order_by(literal_column("ctid")))
        )
        ids = sorted(lying)
        if writers is None or (writers < 2 and lying == ids):
            return 0
        # One by one: a single statement would go through the table as it lies.
        rewrite = sql("UPDATE contribution SET text = text || '' WHERE id = :id")
        db.session.execute(rewrite, [{"id": number} for number in ids])
    with transaction():
        # Whoever reads for long is not waited for: pages would wait behind this. There is another night.
        db.session.execute(sql(f"SET LOCAL lock_timeout = '{MOST_WAIT_SECONDS}s'"))
        db.session.execute(sql("CLUSTER contribution USING pk_contribution"))
    return len(ids)


def erase(contribution: Contribution) -> None:
    """Erase the words and all that might repeat them, inside the caller's transaction; number and counts stay.

    What said the same stands by itself from now on: the one with the lowest number becomes the original of the others.
    """
    contribution.status = ContributionStatus.WITHDRAWN
    contribution.text = None
    contribution.german = contribution.display_name = contribution.reply = contribution.answer = ""
    contribution.german_by = contribution.answered_on = contribution.rejection_reason = None
    contribution.forwarded_to = contribution.search_words = ""
    contribution.duplicate_of_id = None
    contribution.decided_on = local_time.day_of(now())
    for row in db.session.scalars(
        select(ModerationDecision).where(ModerationDecision.contribution_id == contribution.id)
    ):
        row.note = ""
    db.session.execute(
        delete(ContributionReport).where(ContributionReport.contribution_id == contribution.id)
    )
    db.session.flush()
    let_stand_alone(contribution)


def let_stand_alone(original: Contribution) -> None:
    """Give the duplicates of something that is no longer public an original among themselves."""
    twins = list(
        db.session.scalars(
            select(Contribution)
            .where(Contribution.duplicate_of_id == original.id)
            .order_by(Contribution.number)
        )
    )
    if not twins:
        return
    first = twins[0]
    first.status, first.duplicate_of_id = ContributionStatus.PUBLISHED, None
    db.session.flush()
    for twin in twins[1:]:
        twin.duplicate_of_id = first.id
    db.session.flush()


def refuse_unfit(conference_id: int, words: Words) -> None:
    """Raise TextMissing, or NotFound for a group or a topic that is not one of this conference."""
    if not words.text.strip():
        raise TextMissing
    refuse_unfit_place(conference_id, topic_id=words.topic_id, working_group_id=words.working_group_id)


def refuse_unfit_place(
    conference_id: int, *, topic_id: int | None = None, working_group_id: int | None = None
) -> None:
    """Raise NotFound for a group or a topic that is not one of this conference."""
    for model, wanted in ((WorkingGroup, working_group_id), (Topic, topic_id)):
        if wanted is not None and not db.session.scalar(
            select(model.id).where(model.id == wanted, model.conference_id == conference_id)
        ):
            raise NotFound


def _by_submission(mark: str) -> Contribution | None:
    return db.session.scalar(select(Contribution).where(Contribution.submission_digest == mark))


def _code_given(contribution: Contribution, submission: str) -> str:
    for attempt in range(8):
        code = codes.code_of_submission(submission, attempt, purpose=_CODE)
        if codes.digest(code, purpose=_CODE) == contribution.code_digest:
            return code
    return ""


def _free_code(submission: str) -> str:
    for attempt in range(8):
        code = codes.code_of_submission(submission, attempt, purpose=_CODE)
        digest = codes.digest(code, purpose=_CODE)
        if not db.session.scalar(select(Contribution.id).where(Contribution.code_digest == digest)):
            return code
    raise RuntimeError("eight codes in a row were taken")
