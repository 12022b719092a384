"""The version of a conference and of a host: lock of every write and key of every cached page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from app.database import db, now
from app.models import Conference, Host


def raise_conference(conference_id: int, *, quietly: bool = False, seats_only: bool = False) -> None:
    """Raise the version; until the commit nobody else writes to this conference, and cached pages are void after it.

    `quietly` notes no time: the hour at which an author does something with a contribution stands nowhere. `seats_only`
    says that nothing changes but who has places: the kept form stays, which reads its free seats each time.

    The first statement of every write to a conference, so that writers never wait for each other in a circle:
    conference, then group rounds in id order. Once per transaction; what was loaded before is read again.
    """
    # By conference: whether the form was raised as well.
    raised: dict[int, bool] = db.session().info["raised"]
    if conference_id in raised and (seats_only or raised[conference_id]):
        return
    is_first = conference_id not in raised
    raised[conference_id] = not seats_only
    values: dict[str, Any] = {} if seats_only else {"form_version": Conference.form_version + 1}
    if is_first:
        values["version"] = Conference.version + 1
        if not quietly:
            values["changed_at"] = now()
    db.session.execute(
        update(Conference)
        .where(Conference.id == conference_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if is_first:
        db.session.expire_all()


def hold_conference(conference_id: int) -> None:
    """Keep others from writing to this conference until the commit, and leave cached pages as they are: for what no
    cached page shows. The first statement of such a write; what was loaded before is read again.
    """
    if conference_id in db.session().info["raised"]:
        return
    db.session.execute(
        update(Conference)
        .where(Conference.id == conference_id)
        .values(version=Conference.version)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()


def raise_host(host_id: int) -> None:
    """Raise the version of a host: its settings show on every page of its conferences."""
    db.session.execute(
        update(Host)
        .where(Host.id == host_id)
        .values(version=Host.version + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
