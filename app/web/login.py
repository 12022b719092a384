"""Flask-Login's view of a staff member."""

from __future__ import annotations

from flask import Flask, g, session
from flask_login import UserMixin, login_user

from app.database import db, now
from app.extensions import login_manager
from app.models import StaffMember

# Somebody who has done nothing for this long signs in again; the cookie itself ends with the browser.
IDLE_SECONDS = 12 * 3600
# How exactly the last use is remembered: not each page needs a new cookie.
_GRAIN_SECONDS = 300


class Account(UserMixin):
    """A signed-in staff member; the session names id and stamp, so a new password ends all sessions."""

    def __init__(self, member: StaffMember) -> None:
        self.member = member

    def get_id(self) -> str:
        return f"{self.member.id}:{self.member.session_stamp}"

    @property
    def is_active(self) -> bool:
        return self.member.is_active


def begin(member: StaffMember) -> None:
    """Sign `member` in to a new session: nothing of the one before is kept, so that nobody can have prepared it."""
    session.clear()
    # A token made earlier in this request belongs to the session that has just ended.
    g.pop("csrf_token", None)
    session["staff_seen"] = int(now().timestamp())
    login_user(Account(member))
    # A digest of the address, which nobody needs: addresses are kept nowhere, not even there.
    session.pop("_id", None)


def end() -> None:
    """Sign out; nothing is kept."""
    session.clear()


def _is_idle() -> bool:
    seen, at = session.get("staff_seen", 0), int(now().timestamp())
    if at - seen > IDLE_SECONDS:
        return True
    if at - seen > _GRAIN_SECONDS:
        session["staff_seen"] = at
    return False


def install(app: Flask) -> None:
    """Let Flask-Login find accounts of `app`."""
    # Its context processor would read the session on every page, cached ones included.
    login_manager.init_app(app, add_context_processor=False)
    # Nobody is remembered beyond the session; looking for that would read the session after every answer, and then
    # no page could be shared between readers (Vary: Cookie).
    app.after_request_funcs[None].remove(login_manager._update_remember_cookie)
    login_manager.session_protection = None

    @login_manager.user_loader
    def _load(identity: str) -> Account | None:
        number, _, stamp = identity.partition(":")
        # A signed cookie holds nothing else; a key that has leaked must not lead into an error either.
        is_number = number.isascii() and number.isdigit() and len(number) < 18
        member = db.session.get(StaffMember, int(number)) if is_number else None
        if member is None or not member.is_active or member.session_stamp != stamp or _is_idle():
            return None
        return Account(member)
