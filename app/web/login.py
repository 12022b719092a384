"""Flask-Login's view of a staff member."""

from __future__ import annotations

from flask import Flask
from flask_login import UserMixin

from app.database import db
from app.extensions import login_manager
from app.models import StaffMember


class Account(UserMixin):
    """A signed-in staff member; the session names id and stamp, so a new password ends all sessions."""

    def __init__(self, member: StaffMember) -> None:
        self.member = member

    def get_id(self) -> str:
        return f"{self.member.id}:{self.member.session_stamp}"

    @property
    def is_active(self) -> bool:
        return self.member.is_active


def install(app: Flask) -> None:
    """Let Flask-Login find accounts of `app`."""
    # Its context processor would read the session on every page, cached ones included.
    login_manager.init_app(app, add_context_processor=False)
    login_manager.session_protection = None

    @login_manager.user_loader
    def _load(identity: str) -> Account | None:
        number, _, stamp = identity.partition(":")
        member = db.session.get(StaffMember, int(number)) if number.isdigit() else None
        if member is None or not member.is_active or member.session_stamp != stamp:
            return None
        return Account(member)
