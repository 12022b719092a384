"""Who may do what: one table of plain rules."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from app.models import (
    Allocation,
    Conference,
    Contribution,
    Edition,
    EditionFile,
    GroupRound,
    Host,
    Mailing,
    Message,
    Minutes,
    Recommendation,
    Registration,
    StaffMember,
    StaffRole,
    Topic,
    Venue,
    WorkingGroup,
)


class Permission(enum.Enum):
    # Everybody
    VISIT = "visit"
    SEE_CONFERENCE = "see_conference"
    REGISTER = "register"
    HAND_IN = "hand_in"
    SEE_CONTRIBUTION = "see_contribution"
    SEE_RECOMMENDATION = "see_recommendation"
    # Whoever holds the code of a registration
    USE_REGISTRATION = "use_registration"
    # Whoever holds the code of a contribution
    USE_CONTRIBUTION = "use_contribution"
    # Staff
    WORK = "work"
    MANAGE_INSTANCE = "manage_instance"
    MANAGE_HOST = "manage_host"
    CREATE_CONFERENCE = "create_conference"
    EDIT_CONFERENCE = "edit_conference"
    MANAGE_REGISTRATIONS = "manage_registrations"
    # Give somebody a place before their turn, or on added places; always with a reason.
    OVERRIDE = "override"
    CHECK_IN = "check_in"
    # Whose support needs are which; counts are open to everybody who manages registrations.
    SEE_NEEDS = "see_needs"
    # Make a code or a link that opens registrations, or say where it goes: whoever has it reads their needs.
    GIVE_ACCESS = "give_access"
    SEND_MESSAGES = "send_messages"
    MODERATE = "moderate"
    EDIT_RECOMMENDATIONS = "edit_recommendations"
    PUBLISH_RESULTS = "publish_results"


class CodeHolder:
    """Somebody who has shown the code or the personal link of one registration."""

    def __init__(self, registration_id: int) -> None:
        self.registration_id = registration_id


class ContributionHolder:
    """Somebody who has shown the code of one contribution; that says nothing about any registration."""

    def __init__(self, contribution_id: int) -> None:
        self.contribution_id = contribution_id


Actor = StaffMember | CodeHolder | ContributionHolder | None
"""Who acts: a staff member, a code holder, or somebody unknown."""


def _anybody(actor: Actor, subject: Any) -> bool:
    return True


def _sees(actor: Actor, subject: Any) -> bool:
    conference = _conference_of(subject)
    return conference is not None and conference.is_public


def _holds(actor: Actor, subject: Any) -> bool:
    return (
        isinstance(actor, CodeHolder)
        and isinstance(subject, Registration)
        and actor.registration_id == subject.id
    )


def _sees_contribution(actor: Actor, subject: Any) -> bool:
    return isinstance(subject, Contribution) and subject.is_public and _sees(actor, subject)


def _sees_recommendation(actor: Actor, subject: Any) -> bool:
    return isinstance(subject, Recommendation) and subject.is_public and _sees(actor, subject)


def _holds_contribution(actor: Actor, subject: Any) -> bool:
    return (
        isinstance(actor, ContributionHolder)
        and isinstance(subject, Contribution)
        and actor.contribution_id == subject.id
    )


def _is_staff(actor: Actor, subject: Any) -> bool:
    return isinstance(actor, StaffMember) and actor.is_active


def _has_role(*roles: StaffRole) -> Callable[[Actor, Any], bool]:
    def rule(actor: Actor, subject: Any) -> bool:
        if not isinstance(actor, StaffMember) or not actor.is_active:
            return False
        host_id = _host_id_of(subject)
        return any(
            held.role is StaffRole.INSTANCE_ADMIN or (held.role in roles and held.host_id == host_id)
            for held in actor.assignments
        )

    return rule


def _is_in_charge(actor: Actor, subject: Any) -> bool:
    """Those who arrange support at this host; running the installation is no reason to read of health or belief."""
    if not isinstance(actor, StaffMember) or not actor.is_active:
        return False
    host_id = _host_id_of(subject)
    return any(
        held.role in (StaffRole.HOST_ADMIN, StaffRole.ORGANIZER)
        and held.host_id == host_id
        and host_id is not None
        for held in actor.assignments
    )


def _is_instance_admin(actor: Actor, subject: Any) -> bool:
    return (
        isinstance(actor, StaffMember)
        and actor.is_active
        and any(held.role is StaffRole.INSTANCE_ADMIN for held in actor.assignments)
    )


RULES: dict[Permission, Callable[[Actor, Any], bool]] = {
    Permission.VISIT: _anybody,
    Permission.SEE_CONFERENCE: _sees,
    Permission.REGISTER: _sees,
    Permission.HAND_IN: _sees,
    Permission.SEE_CONTRIBUTION: _sees_contribution,
    Permission.SEE_RECOMMENDATION: _sees_recommendation,
    Permission.USE_REGISTRATION: _holds,
    Permission.USE_CONTRIBUTION: _holds_contribution,
    Permission.WORK: _is_staff,
    Permission.MANAGE_INSTANCE: _is_instance_admin,
    Permission.MANAGE_HOST: _has_role(StaffRole.HOST_ADMIN),
    Permission.CREATE_CONFERENCE: _has_role(StaffRole.HOST_ADMIN, StaffRole.ORGANIZER),
    Permission.EDIT_CONFERENCE: _has_role(StaffRole.HOST_ADMIN, StaffRole.ORGANIZER),
    Permission.MANAGE_REGISTRATIONS: _has_role(StaffRole.HOST_ADMIN, StaffRole.ORGANIZER, StaffRole.HELPER),
    Permission.OVERRIDE: _has_role(StaffRole.HOST_ADMIN, StaffRole.ORGANIZER),
    Permission.CHECK_IN: _has_role(StaffRole.HOST_ADMIN, StaffRole.ORGANIZER, StaffRole.HELPER),
    Permission.SEE_NEEDS: _is_in_charge,
    Permission.GIVE_ACCESS: _is_in_charge,
    Permission.SEND_MESSAGES: _has_role(StaffRole.HOST_ADMIN, StaffRole.ORGANIZER),
    Permission.MODERATE: _has_role(StaffRole.HOST_ADMIN, StaffRole.ORGANIZER),
    Permission.EDIT_RECOMMENDATIONS: _has_role(StaffRole.HOST_ADMIN, StaffRole.ORGANIZER),
    Permission.PUBLISH_RESULTS: _has_role(StaffRole.HOST_ADMIN, StaffRole.ORGANIZER),
}

# Permissions that need a signed-in person: a stranger is sent to the login instead of being refused.
FOR_STAFF = frozenset(
    {
        Permission.WORK,
        Permission.MANAGE_INSTANCE,
        Permission.MANAGE_HOST,
        Permission.CREATE_CONFERENCE,
        Permission.EDIT_CONFERENCE,
        Permission.MANAGE_REGISTRATIONS,
        Permission.OVERRIDE,
        Permission.CHECK_IN,
        Permission.SEE_NEEDS,
        Permission.GIVE_ACCESS,
        Permission.SEND_MESSAGES,
        Permission.MODERATE,
        Permission.EDIT_RECOMMENDATIONS,
        Permission.PUBLISH_RESULTS,
    }
)


def may(actor: Actor, permission: Permission, subject: Any = None) -> bool:
    """True when `actor` may do this with `subject`."""
    return RULES[permission](actor, subject)


def _conference_of(subject: Any) -> Conference | None:
    match subject:
        case Conference():
            return subject
        case WorkingGroup() | Registration() | Contribution() | Recommendation() | Topic() | Edition():
            return subject.conference
        case GroupRound() | Minutes():
            return subject.group.conference
        case EditionFile():
            return subject.edition.conference
    return None


def _host_id_of(subject: Any) -> int | None:
    match subject:
        case Host():
            return subject.id
        case Conference() | WorkingGroup() | GroupRound() | Registration() | Venue() | Message() | Mailing():
            return subject.host_id
        case (
            Contribution() | Topic() | Minutes() | Recommendation() | Edition() | EditionFile() | Allocation()
        ):
            return subject.host_id
    return None
