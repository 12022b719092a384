"""Staff: invitations, passwords, roles."""

from __future__ import annotations

import secrets as random
import unicodedata
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.database import db, now, transaction
from app.domain import notices, secrets
from app.domain.errors import (
    EmailUnfit,
    InvitationExpired,
    NotFound,
    OwnRole,
    PasswordTooShort,
    WrongLogin,
    WrongPassword,
)
from app.models import Host, RoleAssignment, StaffMember, StaffRole

INVITATION_DAYS = 14
MIN_PASSWORD = 12
_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Checked when an account does not exist, so that the answer takes as long as with one."""
    return _hasher.hash(random.token_urlsafe(16))


def invite(email: str, name: str, role: StaffRole, host: Host | None) -> tuple[StaffMember, str]:
    """Give `email` the role and, while there is no password yet, a fresh invitation; returns the account and its token.

    The token is "" for somebody who has a password. Inviting twice changes nothing but the token.
    """
    address = normalise_email(email)
    with transaction():
        member = find(address)
        if member is None:
            member = StaffMember(email=address, name=name, session_stamp=random.token_hex(16))
            db.session.add(member)
            db.session.flush()
        _assign(member, role, host)
        token = ""
        if member.password_hash is None:
            token = random.token_urlsafe(32)
            member.invitation_digest = secrets.digest("invitation", token)
            member.invitation_expires_at = now() + timedelta(days=INVITATION_DAYS)
            db.session.flush()
            notices.staff_invitation(member, token)
        return member, token


def create(email: str, name: str, role: StaffRole, host: Host | None, password: str) -> StaffMember:
    """Create an account that can sign in at once, or give an existing one this role and password."""
    address = normalise_email(email)
    hashed = _hash(password)
    with transaction():
        member = find(address)
        if member is None:
            member = StaffMember(email=address, name=name, session_stamp=random.token_hex(16))
            db.session.add(member)
            db.session.flush()
        _assign(member, role, host)
        _store_password(member, hashed)
        return member


def set_password(member: StaffMember, password: str) -> None:
    """Set a password; all open sessions and invitations of this person end. Raises PasswordTooShort."""
    hashed = _hash(password)
    with transaction():
        _store_password(member, hashed)


def end_sessions(member: StaffMember) -> None:
    """Sign this person out everywhere: cookies that were made before, copied ones too, open nothing any more."""
    with transaction():
        member.session_stamp = random.token_hex(16)


def new_password(member: StaffMember) -> str:
    """Set a random password and return it."""
    password = random.token_urlsafe(12)
    set_password(member, password)
    return password


def change_password(member: StaffMember, current: str, password: str) -> None:
    """Set a password for somebody who knows the present one. Raises WrongPassword, PasswordTooShort."""
    if not _fits(member.password_hash, current):
        raise WrongPassword
    set_password(member, password)


def accept(token: str, password: str, name: str = "") -> StaffMember:
    """Turn an invitation into an account with a password and, where one is given, this name.

    Raises InvitationExpired, also for a token that was used before, and PasswordTooShort.
    """
    hashed = _hash(password)
    with transaction():
        member = invited(token)
        if name:
            member.name = name
        _store_password(member, hashed)
        return member


def withdraw(host: Host, assignment_id: int, by: StaffMember) -> None:
    """Take a role at this host back; an invitation that then stands for nothing is deleted.

    Raises NotFound for a role elsewhere or taken back before, OwnRole for the last role one has here oneself.
    """
    with transaction():
        held = db.session.scalar(
            select(RoleAssignment).where(
                RoleAssignment.id == assignment_id, RoleAssignment.host_id == host.id
            )
        )
        if held is None:
            raise NotFound
        if held.staff_member_id == by.id:
            raise OwnRole
        member = held.staff_member
        member.assignments.remove(held)
        db.session.flush()
        if not member.assignments and member.password_hash is None:
            db.session.delete(member)
            db.session.flush()


def invited(token: str) -> StaffMember:
    """The account a valid invitation belongs to. Raises InvitationExpired."""
    member = db.session.scalar(
        select(StaffMember).where(StaffMember.invitation_digest == secrets.digest("invitation", token))
    )
    if member is None or member.invitation_expires_at is None or member.invitation_expires_at < now():
        raise InvitationExpired
    return member


def team(host: Host) -> list[RoleAssignment]:
    """Who works for this host, with the account of each: by role, then by address."""
    return list(
        db.session.scalars(
            select(RoleAssignment)
            .join(RoleAssignment.staff_member)
            .options(contains_eager(RoleAssignment.staff_member))
            .where(RoleAssignment.host_id == host.id)
            .order_by(RoleAssignment.role, StaffMember.email)
        )
    )


def sign_in(email: str, password: str) -> StaffMember:
    """The account whose password this is. Raises WrongLogin, in the same words and time whatever was wrong."""
    member = find(email.strip().lower())
    stored = member.password_hash if member and member.is_active else None
    fits = _fits(stored, password)
    if member is None or stored is None or not fits:
        raise WrongLogin
    refreshed = _hasher.hash(_normalise(password)) if _hasher.check_needs_rehash(stored) else None
    with transaction():
        member.signed_in_at = now()
        if refreshed:
            member.password_hash = refreshed
    return member


def find(email: str) -> StaffMember | None:
    """The account of this address, capitals aside."""
    return db.session.scalar(select(StaffMember).where(func.lower(StaffMember.email) == email.lower()))


def normalise_email(email: str) -> str:
    """Return the address in lower case. Raises EmailUnfit."""
    try:
        return validate_email(
            email.strip(), check_deliverability=False, test_environment=True
        ).normalized.lower()
    except EmailNotValidError as error:
        raise EmailUnfit from error


def _assign(member: StaffMember, role: StaffRole, host: Host | None) -> None:
    host_id = host.id if host else None
    if not any(held.role is role and held.host_id == host_id for held in member.assignments):
        member.assignments.append(RoleAssignment(role=role, host_id=host_id))
        db.session.flush()


def _hash(password: str) -> str:
    # Outside any transaction: hashing takes a tenth of a second and must not hold the database.
    if len(password) < MIN_PASSWORD:
        raise PasswordTooShort(minimum=MIN_PASSWORD)
    return _hasher.hash(_normalise(password))


def _fits(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _nobody(), _normalise(password))
    except (VerificationError, InvalidHashError):
        return False


def _normalise(password: str) -> str:
    # The same keys give different code points on different systems (NIST SP 800-63B, 3.1.1.2).
    return unicodedata.normalize("NFKC", password)


def _store_password(member: StaffMember, hashed: str) -> None:
    member.password_hash = hashed
    member.session_stamp = random.token_hex(16)
    member.invitation_digest = None
    member.invitation_expires_at = None
    db.session.flush()
