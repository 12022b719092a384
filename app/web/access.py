"""@requires: loads what the address names (404), then asks the table of rights (403)."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app import policies
from app.database import db
from app.domain import contributions, registrations
from app.models import (
    Allocation,
    Conference,
    Contribution,
    Edition,
    EditionFile,
    FileFormat,
    GroupRound,
    Host,
    Mailing,
    Message,
    Minutes,
    Recommendation,
    Registration,
    StaffMember,
    Topic,
    WorkingGroup,
)
from app.policies import CodeHolder, ContributionHolder, Permission

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

# What is refused here does not exist for the one who asks.
HIDING = frozenset(
    {
        Permission.SEE_CONFERENCE,
        Permission.REGISTER,
        Permission.HAND_IN,
        Permission.SEE_CONTRIBUTION,
        Permission.SEE_RECOMMENDATION,
    }
)
# How long a code stays shown in a browser; the cookie itself ends with the browser.
HOLDS_FOR_SECONDS = 24 * 3600


def requires(permission: Permission, model: type[Any] | None = None) -> Callable[[View], View]:
    """Open a view to those who have `permission` for the `model` its address names.

    The view gets the loaded object as first argument; the parts of the address that led to it are used up. Objects
    are found only along the address (host, conference, …), so another host's row is a 404.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**parts: Any) -> ResponseReturnValue:
            if not all(_can_be_asked_for(name, part) for name, part in parts.items()):
                abort(404)
            if permission in policies.FOR_STAFF and not current_user.is_authenticated:
                return _sign_in_first()
            if permission is Permission.USE_REGISTRATION and held_registration_id() is None:
                return redirect(url_for("signup.enter_code", host=parts["host"]))
            if permission is Permission.USE_CONTRIBUTION and held_contribution() is None:
                return redirect(url_for("feedback.enter_code", host=parts["host"]))
            subject = load(model, parts) if model else None
            if not policies.may(acting(permission), permission, subject):
                abort(404 if permission in HIDING else 403)
            return view(subject, **parts) if model else view(**parts)

        guarded.access = (permission, model)  # type: ignore[attr-defined]  # read by close_undeclared and by tests
        return guarded  # type: ignore[return-value]  # wraps keeps the signature but for what is loaded

    return decorate


def _sign_in_first() -> ResponseReturnValue:
    asked_for = request.full_path.rstrip("?")
    # Passwords do not go along: they would stand in the page that asks to sign in.
    if request.method == "POST" and request.form and request.endpoint != "accounts.change_password":
        # The session ended while a form was open: what was typed goes along (307 keeps it) and comes back.
        return redirect(url_for("accounts.sign_in", weiter=asked_for, unterbrochen=1), 307)
    return redirect(url_for("accounts.sign_in", weiter=asked_for))


def acting(permission: Permission) -> policies.Actor:
    """Who acts. Pages for everybody never look at the session, so that they can be cached."""
    if permission is Permission.USE_REGISTRATION:
        registration_id = held_registration_id()
        return CodeHolder(registration_id) if registration_id else None
    if permission is Permission.USE_CONTRIBUTION:
        contribution = held_contribution()
        return ContributionHolder(contribution.id) if contribution else None
    if permission in policies.FOR_STAFF:
        return staff_member()
    return None


def staff_member() -> StaffMember | None:
    """The signed-in staff member."""
    return current_user._get_current_object().member if current_user.is_authenticated else None


def me() -> StaffMember:
    """The signed-in staff member, on a page that only staff can open."""
    return cast(StaffMember, current_user._get_current_object().member)


def hold(registration: Registration) -> None:
    """Remember in this browser that the code of `registration` was shown."""
    from app.database import now

    # One browser never holds both: nothing may join a voice to a registration.
    let_go_of_contribution()
    session["registration"] = registration.id
    session["registration_mark"] = registrations.holding_mark(registration)
    session["registration_until"] = int(now().timestamp()) + HOLDS_FOR_SECONDS


def let_go() -> None:
    """Forget the registration in this browser."""
    for name in ("registration", "registration_mark", "registration_until", "fresh_code"):
        session.pop(name, None)


def held_registration_id() -> int | None:
    """The registration whose code was shown in this browser within the last day, while that code is the present one.

    A number alone would outlive a new code, and could come to mean somebody else once it is given out again.
    """
    from app.database import now

    number = session.get("registration")
    if number is None or session.get("registration_until", 0) < now().timestamp():
        return None
    registration = db.session.get(Registration, number)
    if registration is None:
        return None
    # The session of the database forgets what nobody holds, and would read it again for each who asks.
    g.held_registration = registration
    mark = str(session.get("registration_mark", ""))
    fits = hmac.compare_digest(registrations.holding_mark(registration).encode(), mark.encode())
    return registration.id if fits else None


def hold_contribution(contribution: Contribution) -> None:
    """Remember in this browser that the code of `contribution` was shown, and forget any registration in it."""
    from app.database import now

    let_go()
    session["contribution"] = str(contribution.id)
    session["contribution_mark"] = contributions.holding_mark(contribution)
    session["contribution_until"] = int(now().timestamp()) + HOLDS_FOR_SECONDS


def let_go_of_contribution() -> None:
    """Forget the contribution in this browser."""
    for name in ("contribution", "contribution_mark", "contribution_until", "fresh_contribution_code"):
        session.pop(name, None)


def held_contribution() -> Contribution | None:
    """The contribution whose code was shown in this browser within the last day, while that code is the present one."""
    from app.database import now

    number = session.get("contribution")
    if number is None or session.get("contribution_until", 0) < now().timestamp():
        return None
    contribution = db.session.get(Contribution, int(number))
    fits = contribution and contributions.mark_fits(contribution, str(session.get("contribution_mark", "")))
    return contribution if fits else None


def close_undeclared(app: Flask) -> None:
    """Refuse every endpoint whose view does not say who may use it."""

    @app.before_request
    def _closed() -> None:
        if request.endpoint and not hasattr(app.view_functions[request.endpoint], "access"):
            abort(403)


def load(model: type[Any], parts: dict[str, Any]) -> Any:
    """The object the address names; 404 where there is none. Used parts are removed from `parts`."""
    if model is Host:
        g.host = _one(select(Host).where(Host.key == parts.pop("host")))
        return g.host
    if model is Message:
        host = load(Host, parts)
        return _one(select(Message).where(Message.host_id == host.id, Message.id == parts.pop("message")))
    by_code = model is Registration and "registration" not in parts
    if by_code:
        parts["registration"] = held_registration_id()
    conference = _one(
        select(Conference)
        .join(Conference.host)
        .options(contains_eager(Conference.host), joinedload(Conference.venue))
        .where(Host.key == parts.pop("host"), Conference.key == parts.pop("conference"))
    )
    g.conference, g.host = conference, conference.host
    if model is Conference:
        return conference
    if model is WorkingGroup:
        return _one(
            select(WorkingGroup).where(
                WorkingGroup.conference_id == conference.id, WorkingGroup.number == parts.pop("number")
            )
        )
    if model is GroupRound:
        return _one(
            select(GroupRound)
            .join(WorkingGroup)
            .where(
                GroupRound.conference_id == conference.id,
                WorkingGroup.number == parts.pop("number"),
                GroupRound.number == parts.pop("round_number"),
            )
        )
    if model is Mailing:
        return _one(
            select(Mailing).where(Mailing.conference_id == conference.id, Mailing.id == parts.pop("mailing"))
        )
    if model in _BY_NUMBER or model is Contribution:
        return _one(_along_the_address(model, conference, parts))
    if model is Registration:
        number = parts.pop("registration")
        if by_code and _is_for_another_conference(number, conference):
            abort(redirect(url_for("signup.enter_code", host=conference.host.key)))
        held = db.session.get(Registration, number) if by_code and number else None
        if held is not None and held.conference_id == conference.id:
            return held
        return _one(
            select(Registration).where(Registration.conference_id == conference.id, Registration.id == number)
        )
    raise TypeError(f"no way to load {model.__name__}")


# What has a number of its own within its conference, and the part of the address it stands in.
_BY_NUMBER = {
    Allocation: "allocation",
    Topic: "topic",
    Recommendation: "recommendation",
    Edition: "edition",
    EditionFile: "edition",
    Minutes: "number",
}


def _along_the_address(model: type[Any], conference: Conference, parts: dict[str, Any]) -> Any:
    """How to find a contribution, topic, recommendation, edition, a file of one, or the minutes of a group's round."""
    found = select(model).where(model.conference_id == conference.id)
    if model is Contribution:
        if "voice" in parts:
            # Everybody's address: the number it was published under.
            return found.where(Contribution.number == parts.pop("voice"))
        if "contribution" in parts:
            # The address for staff, who see it before it has a number.
            return found.where(Contribution.id == parts.pop("contribution"))
        held = held_contribution()
        if held is not None and held.host_id == conference.host_id and held.conference_id != conference.id:
            # Somebody has said something at two conferences, and can show the other code.
            abort(redirect(url_for("feedback.enter_code", host=conference.host.key)))
        return found.where(Contribution.id == (held.id if held else None))
    number = parts.pop(_BY_NUMBER[model])
    if model is EditionFile:
        return found.join(Edition).where(
            Edition.number == number, EditionFile.format == FileFormat(parts.pop("format"))
        )
    if model is Minutes:
        return found.join(WorkingGroup).where(
            WorkingGroup.number == number, Minutes.round_number == parts.pop("round_number")
        )
    return found.where(model.number == number)


def _can_be_asked_for(name: str, part: Any) -> bool:
    """False for what a database refuses instead of not finding it: a NUL, a number beyond the bits of our ids."""
    if isinstance(part, str):
        return "\0" not in part
    # Ids of contributions are random and have 63 bits, all others count in 31.
    return not isinstance(part, int) or part < 2 ** (63 if name == "contribution" else 31)


def _is_for_another_conference(registration_id: int | None, conference: Conference) -> bool:
    """True for somebody who is registered at this host twice and has shown the other code: they can show this one."""
    registration = db.session.get(Registration, registration_id) if registration_id else None
    return (
        registration is not None
        and registration.host_id == conference.host_id
        and registration.conference_id != conference.id
    )


def _one(statement: Any) -> Any:
    found = db.session.scalar(statement)
    if found is None:
        abort(404)
    return found
