"""Conferences as residents see them: what is coming, what is over, what is in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from app.database import db
from app.models import AgendaItem, Conference, ConferenceStatus, GroupRound, Host, WorkingGroup

# What residents never see (Conference.is_public says the same of a loaded one).
NOT_PUBLIC = (ConferenceStatus.DRAFT, ConferenceStatus.ARCHIVED)


@dataclass
class Dates:
    """A host's public conferences: the next one first, and of those that are over the last one first."""

    host: Host
    coming: list[Conference] = field(default_factory=list)
    over: list[Conference] = field(default_factory=list)


def of_host(host: Host, at: datetime) -> Dates:
    """The public conferences of `host`, seen from the instant `at`: one statement."""
    dates = Dates(host)
    for conference in db.session.scalars(
        select(Conference)
        .where(Conference.host_id == host.id, Conference.status.not_in(NOT_PUBLIC))
        .options(joinedload(Conference.venue))
        .order_by(Conference.starts_at, Conference.id)
    ):
        (dates.coming if conference.ends_at > at else dates.over).append(conference)
    dates.over.reverse()
    return dates


def of_all_hosts(at: datetime) -> list[Dates]:
    """Each host by name, with its public conferences that are still to come: two statements."""
    dates = {
        host.id: Dates(host) for host in sorted(db.session.scalars(select(Host)), key=lambda host: host.name)
    }
    for conference in db.session.scalars(
        select(Conference)
        .where(Conference.status.not_in(NOT_PUBLIC), Conference.ends_at > at)
        .options(joinedload(Conference.venue))
        .order_by(Conference.starts_at, Conference.id)
    ):
        dates[conference.host_id].coming.append(conference)
    return list(dates.values())


def programme_of(conference: Conference) -> list[AgendaItem]:
    """The points of the programme in order, with their rooms: one statement."""
    return list(
        db.session.scalars(
            select(AgendaItem)
            .where(AgendaItem.host_id == conference.host_id, AgendaItem.conference_id == conference.id)
            .options(joinedload(AgendaItem.room))
            .order_by(AgendaItem.position, AgendaItem.id)
        )
    )


def groups_of(conference: Conference) -> list[WorkingGroup]:
    """The working groups in order, with rooms, rounds and the time of each round: two statements, however many."""
    groups = list(
        db.session.scalars(
            select(WorkingGroup)
            .where(WorkingGroup.host_id == conference.host_id, WorkingGroup.conference_id == conference.id)
            .options(joinedload(WorkingGroup.room))
            .order_by(WorkingGroup.position, WorkingGroup.id)
        )
    )
    rounds = defaultdict[int, list[GroupRound]](list)
    for group_round in db.session.scalars(
        select(GroupRound)
        .where(GroupRound.conference_id == conference.id)
        .options(joinedload(GroupRound.agenda_item))
        .order_by(GroupRound.number)
    ):
        rounds[group_round.working_group_id].append(group_round)
    for group in groups:
        set_committed_value(group, "conference", conference)
        set_committed_value(group, "rounds", rounds[group.id])
        for group_round in group.rounds:
            set_committed_value(group_round, "group", group)
    return groups
