"""What awaits staff: hosts, their conferences and what is open there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from app.database import db
from app.domain import hosts
from app.domain.queries import editions, moderation, queues, support
from app.models import (
    AccessibilityFeedback,
    Conference,
    ConferenceStatus,
    GroupRound,
    Host,
    Message,
    MessageState,
    StaffMember,
    StaffRole,
)

_OPEN = {
    MessageState.QUEUED: "waiting",
    MessageState.SENDING: "waiting",
    MessageState.FAILED: "failed",
    MessageState.UNKNOWN: "failed",
}


@dataclass
class Mails:
    """Messages that are not sent: those that will be tried again, and those that need a person."""

    waiting: int = 0
    failed: int = 0
    # Why those that wait have not been sent yet; empty when nobody has tried.
    why_waiting: str = ""


@dataclass(frozen=True)
class ConferenceWork:
    """A conference with what is open at it."""

    conference: Conference
    # Places waited for in groups; people who wait for the conference stand with it.
    queued: int
    # People who are offered a place at the conference.
    offered: int
    mails: Mails
    # Contributions that await a decision, for how many days the oldest does, and reports nobody has looked at.
    undecided: int = 0
    undecided_days: int = 0
    reported: int = 0
    # The number of its latest edition where something in that was withdrawn since, and files that could not be made.
    outdated_edition: int = 0
    failed_files: int = 0
    # A day to order support by that is near or has passed while needs are unanswered.
    support: support.Reminder | None = None

    @property
    def people(self) -> int:
        """How many have a place at the conference."""
        return self.conference.places_taken - self.offered

    @property
    def is_late(self) -> bool:
        return bool(self.undecided) and self.undecided_days >= moderation.LATE_AFTER_DAYS


@dataclass(frozen=True)
class HostWork:
    """A host with its conferences: drafts, those to come by date, those over with the latest first."""

    host: Host
    drafts: list[ConferenceWork] = field(default_factory=list)
    upcoming: list[ConferenceWork] = field(default_factory=list)
    past: list[ConferenceWork] = field(default_factory=list)
    barriers: int = 0
    # Invitations and notices to the host itself.
    mails: Mails = field(default_factory=Mails)
    missing_settings: list[str] = field(default_factory=list)


def hosts_of(member: StaffMember) -> list[Host]:
    """The hosts somebody works for, by name; all of them for those who run the installation."""
    statement = select(Host).order_by(Host.name, Host.id)
    if not any(held.role is StaffRole.INSTANCE_ADMIN for held in member.assignments):
        statement = statement.where(Host.id.in_([held.host_id for held in member.assignments]))
    return list(db.session.scalars(statement))


def overview(member: StaffMember, at: datetime) -> list[HostWork]:
    """What awaits `member` at the instant `at`: twelve statements whatever the number of rows."""
    mine = hosts_of(member)
    ids = [host.id for host in mine]
    conferences = db.session.scalars(
        select(Conference).where(Conference.host_id.in_(ids)).order_by(Conference.starts_at, Conference.id)
    ).all()
    queued = dict(
        db.session.execute(
            select(GroupRound.conference_id, func.sum(GroupRound.waiting))
            .where(GroupRound.host_id.in_(ids))
            .group_by(GroupRound.conference_id)
        ).all()
    )
    offered = queues.offered_places([held.id for held in conferences])
    mails: defaultdict[tuple[int | None, int | None], Mails] = defaultdict(Mails)
    for host_id, conference_id, state, count, reason in db.session.execute(
        select(
            Message.host_id,
            Message.conference_id,
            Message.state,
            func.count(),
            func.max(Message.last_error),
        )
        .where(Message.host_id.in_(ids), Message.state.in_(_OPEN))
        .group_by(Message.host_id, Message.conference_id, Message.state)
    ):
        found = mails[host_id, conference_id]
        setattr(found, _OPEN[state], getattr(found, _OPEN[state]) + count)
        if state is MessageState.QUEUED:
            found.why_waiting = reason
    barriers = dict(
        db.session.execute(
            select(AccessibilityFeedback.host_id, func.count())
            .where(AccessibilityFeedback.host_id.in_(ids), AccessibilityFeedback.answered_at.is_(None))
            .group_by(AccessibilityFeedback.host_id)
        ).all()
    )
    undecided, reported = moderation.waiting(ids), moderation.reported(ids)
    outdated, failed_files = editions.outdated(ids), editions.failed(ids)
    to_order = support.reminders(
        [
            held.id
            for held in conferences
            if held.ends_at > at and held.status is not ConferenceStatus.CANCELLED
        ],
        at,
    )
    works = {
        host.id: HostWork(
            host,
            barriers=barriers.get(host.id, 0),
            mails=mails[host.id, None],
            missing_settings=hosts.missing_settings(host),
        )
        for host in mine
    }
    for conference in conferences:
        work = works[conference.host_id]
        waiting, oldest = undecided.get(conference.id, (0, None))
        entry = ConferenceWork(
            conference,
            int(queued.get(conference.id) or 0),
            offered.get(conference.id, 0),
            mails[conference.host_id, conference.id],
            undecided=waiting,
            undecided_days=moderation.age(oldest) if oldest else 0,
            reported=reported.get(conference.id, 0),
            outdated_edition=outdated.get(conference.id, 0),
            failed_files=failed_files.get(conference.id, 0),
            support=to_order.get(conference.id),
        )
        if conference.status is ConferenceStatus.DRAFT:
            work.drafts.append(entry)
        elif conference.ends_at > at and conference.status is not ConferenceStatus.ARCHIVED:
            work.upcoming.append(entry)
        else:
            work.past.insert(0, entry)
    return list(works.values())
