"""The table of rights, for every permission and every kind of actor."""

import pytest

from app.models import (
    Conference,
    ConferenceStatus,
    Contribution,
    ContributionStatus,
    Host,
    Recommendation,
    Registration,
    RoleAssignment,
    StaffMember,
    StaffRole,
)
from app.policies import CodeHolder, ContributionHolder, Permission, may

HERE, THERE = Host(id=1, key="hier"), Host(id=2, key="dort")
PUBLIC = Conference(id=7, host_id=1, host=HERE, status=ConferenceStatus.REGISTRATION_OPEN)
DRAFT = Conference(id=8, host_id=1, host=HERE, status=ConferenceStatus.DRAFT)
REGISTRATION = Registration(id=70, host_id=1, conference=PUBLIC)
VOICE = Contribution(id=70, host_id=1, conference=PUBLIC, status=ContributionStatus.PUBLISHED)
UNREAD = Contribution(id=71, host_id=1, conference=PUBLIC, status=ContributionStatus.RECEIVED)
HIDDEN_VOICE = Contribution(id=72, host_id=1, conference=DRAFT, status=ContributionStatus.PUBLISHED)
SHOWN = Recommendation(id=80, host_id=1, conference=PUBLIC, is_public=True)
NOT_SHOWN = Recommendation(id=81, host_id=1, conference=PUBLIC, is_public=False)


def staff(role: StaffRole | None, host: Host | None, *, active: bool = True) -> StaffMember:
    member = StaffMember(id=1, is_active=active)
    if role:
        member.assignments.append(RoleAssignment(role=role, host_id=host.id if host else None))
    return member


ACTORS = {
    "nobody": None,
    "code holder": CodeHolder(70),
    "other code holder": CodeHolder(71),
    "author": ContributionHolder(70),
    "without role": staff(None, None),
    "organizer": staff(StaffRole.ORGANIZER, HERE),
    "organizer elsewhere": staff(StaffRole.ORGANIZER, THERE),
    "helper": staff(StaffRole.HELPER, HERE),
    "helper elsewhere": staff(StaffRole.HELPER, THERE),
    "host admin": staff(StaffRole.HOST_ADMIN, HERE),
    "host admin elsewhere": staff(StaffRole.HOST_ADMIN, THERE),
    "instance admin": staff(StaffRole.INSTANCE_ADMIN, None),
    "inactive admin": staff(StaffRole.INSTANCE_ADMIN, None, active=False),
}
EVERYBODY = set(ACTORS)
ANY_STAFF = EVERYBODY - {"nobody", "code holder", "other code holder", "author", "inactive admin"}
ORGANIZERS = {"organizer", "host admin", "instance admin"}

TABLE = [
    (Permission.VISIT, None, EVERYBODY),
    (Permission.VISIT, HERE, EVERYBODY),
    (Permission.SEE_CONFERENCE, PUBLIC, EVERYBODY),
    (Permission.SEE_CONFERENCE, DRAFT, set()),
    (Permission.REGISTER, PUBLIC, EVERYBODY),
    (Permission.REGISTER, DRAFT, set()),
    (Permission.USE_REGISTRATION, REGISTRATION, {"code holder"}),
    (Permission.WORK, None, ANY_STAFF),
    (Permission.MANAGE_INSTANCE, None, {"instance admin"}),
    (Permission.MANAGE_HOST, HERE, {"host admin", "instance admin"}),
    (Permission.CREATE_CONFERENCE, HERE, ORGANIZERS),
    (Permission.EDIT_CONFERENCE, DRAFT, ORGANIZERS),
    (Permission.EDIT_CONFERENCE, PUBLIC, ORGANIZERS),
    (Permission.HAND_IN, PUBLIC, EVERYBODY),
    (Permission.HAND_IN, DRAFT, set()),
    (Permission.SEE_CONTRIBUTION, VOICE, EVERYBODY),
    (Permission.SEE_CONTRIBUTION, UNREAD, set()),
    (Permission.SEE_CONTRIBUTION, HIDDEN_VOICE, set()),
    (Permission.SEE_RECOMMENDATION, SHOWN, EVERYBODY),
    (Permission.SEE_RECOMMENDATION, NOT_SHOWN, set()),
    (Permission.USE_CONTRIBUTION, VOICE, {"author"}),
    (Permission.USE_CONTRIBUTION, UNREAD, set()),
    (Permission.MODERATE, PUBLIC, ORGANIZERS),
    (Permission.MODERATE, UNREAD, ORGANIZERS),
    (Permission.EDIT_RECOMMENDATIONS, NOT_SHOWN, ORGANIZERS),
    (Permission.PUBLISH_RESULTS, PUBLIC, ORGANIZERS),
    (Permission.MANAGE_REGISTRATIONS, PUBLIC, ORGANIZERS | {"helper"}),
    (Permission.MANAGE_REGISTRATIONS, REGISTRATION, ORGANIZERS | {"helper"}),
    # Those who help out pass nobody by.
    (Permission.OVERRIDE, PUBLIC, ORGANIZERS),
    (Permission.OVERRIDE, REGISTRATION, ORGANIZERS),
    (Permission.CHECK_IN, PUBLIC, ORGANIZERS | {"helper"}),
    (Permission.SEND_MESSAGES, PUBLIC, ORGANIZERS),
    # Neither those who help out nor those who run the installation read whose need it is.
    (Permission.SEE_NEEDS, PUBLIC, {"organizer", "host admin"}),
    (Permission.SEE_NEEDS, REGISTRATION, {"organizer", "host admin"}),
    (Permission.SEE_NEEDS, None, set()),
    # Nor do they make a code or link for themselves with which a household reads them.
    (Permission.GIVE_ACCESS, PUBLIC, {"organizer", "host admin"}),
    (Permission.GIVE_ACCESS, REGISTRATION, {"organizer", "host admin"}),
    (Permission.GIVE_ACCESS, None, set()),
    # Without a subject nobody but the instance admin may.
    (Permission.EDIT_CONFERENCE, None, {"instance admin"}),
]


@pytest.mark.parametrize(("permission", "subject", "allowed"), TABLE)
def test_who_may_do_what(permission, subject, allowed):
    assert {name for name, actor in ACTORS.items() if may(actor, permission, subject)} == allowed


def test_the_table_names_every_permission():
    assert {permission for permission, _subject, _allowed in TABLE} == set(Permission)
