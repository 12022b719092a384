"""What an organizer sees of a conference at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.database import db
from app.models import (
    ENDED_STATUSES,
    PUBLIC_STATUSES,
    UNDECIDED_STATUSES,
    AgendaItem,
    Conference,
    Contribution,
    Edition,
    GroupRound,
    Participant,
    Recommendation,
    RecommendationStatus,
    Registration,
    RegistrationStatus,
    Seat,
    SeatState,
    WorkingGroup,
)

# Statuses before a recommendation lies with the council.
BEFORE_SUBMISSION = (
    RecommendationStatus.COLLECTED,
    RecommendationStatus.DRAFTED,
    RecommendationStatus.IN_CONSULTATION,
    RecommendationStatus.PRIORITISED,
)


@dataclass(frozen=True)
class Figures:
    """Numbers of a conference; people and registrations apart, seats and queues over all groups and rounds."""

    # Registrations that are not over: with a place, with an offer, or in the queue.
    registered: int
    # People with a place at the conference, and people who are offered one.
    people: int
    offered: int
    items: int
    groups: int
    seats: int
    # People who sit in groups, and seats that are offered there.
    seated: int
    seats_offered: int
    # People in the queue of the conference, and places waited for in groups.
    waiting: int
    queued: int


def figures(conference: Conference) -> Figures:
    """The numbers as they are now: two statements."""
    registered, offered, items, groups, seats_offered = db.session.execute(
        select(
            select(func.count(Registration.id))
            .where(
                Registration.conference_id == conference.id,
                Registration.status.not_in(ENDED_STATUSES),
            )
            .scalar_subquery(),
            select(func.count(Participant.id))
            .join(Participant.registration)
            .where(
                Registration.conference_id == conference.id,
                Registration.status == RegistrationStatus.OFFERED,
            )
            .scalar_subquery(),
            select(func.count(AgendaItem.id))
            .where(AgendaItem.conference_id == conference.id)
            .scalar_subquery(),
            select(func.count(WorkingGroup.id))
            .where(WorkingGroup.conference_id == conference.id)
            .scalar_subquery(),
            select(func.count(Seat.id))
            .where(Seat.conference_id == conference.id, Seat.state == SeatState.OFFERED)
            .scalar_subquery(),
        )
    ).one()
    seats, taken, queued = db.session.execute(
        select(
            func.coalesce(func.sum(GroupRound.capacity), 0),
            func.coalesce(func.sum(GroupRound.seats_taken), 0),
            func.coalesce(func.sum(GroupRound.waiting), 0),
        ).where(GroupRound.conference_id == conference.id)
    ).one()
    return Figures(
        registered=registered,
        people=conference.places_taken - offered,
        offered=offered,
        items=items,
        groups=groups,
        seats=int(seats),
        seated=int(taken) - seats_offered,
        seats_offered=seats_offered,
        waiting=conference.waiting,
        queued=int(queued),
    )


@dataclass(frozen=True)
class Road:
    """How far a conference is on the way from what was said to a document."""

    undecided: int
    published: int
    recommendations: int
    # Those of them that do not lie with the council yet.
    unsubmitted: int
    # The number of the latest edition, 0 before the first, and whether something in it was withdrawn since.
    edition: int
    is_outdated: bool


def road(conference: Conference) -> Road:
    """Contributions, recommendations and editions as they are now: two statements."""

    def count(model: type[Contribution] | type[Recommendation], *conditions: ColumnElement[bool]) -> Any:
        return (
            select(func.count())
            .select_from(model)
            .where(model.conference_id == conference.id, *conditions)
            .scalar_subquery()
        )

    undecided, published, recommendations, unsubmitted = db.session.execute(
        select(
            count(Contribution, Contribution.status.in_(UNDECIDED_STATUSES)),
            count(Contribution, Contribution.status.in_(PUBLIC_STATUSES)),
            count(Recommendation),
            count(Recommendation, Recommendation.status.in_(BEFORE_SUBMISSION)),
        )
    ).one()
    latest = db.session.execute(
        select(Edition.number, Edition.redacted_at)
        .where(Edition.conference_id == conference.id)
        .order_by(Edition.number.desc())
        .limit(1)
    ).first()
    return Road(
        undecided,
        published,
        recommendations,
        unsubmitted,
        edition=latest.number if latest else 0,
        is_outdated=bool(latest and latest.redacted_at),
    )
