"""Messages at a glance, and the outbox: what was sent, what was not, and why."""

from __future__ import annotations

import enum
from collections import Counter
from typing import Any, TypeVar

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import SelectField

from app.blueprints.messages import bp
from app.blueprints.messages.manage_forms import OutboxFilter
from app.blueprints.messages.manage_page import Confirm, address, not_theirs, page, sees_needs
from app.database import db
from app.domain import mailings
from app.domain import outbox as outbox_domain
from app.domain.errors import DomainError
from app.domain.queries import messages as read
from app.models import Conference, Message, MessageKind, MessageState, MessageWay
from app.policies import Permission, may
from app.web import access
from app.web.access import requires
from app.web.forms import SelectChoice
from app.web.labels import ALIKE, label

# Names kinds that must not stand out, in the address of the filter.
_ALIKE_SLUG = "anmeldung"

Member = TypeVar("Member", bound=enum.Enum)


@bp.get("/verwaltung/<host>/<conference>/nachrichten")
@requires(Permission.MANAGE_REGISTRATIONS, Conference)
def overview(conference: Conference) -> ResponseReturnValue:
    """What waits to be told, by mail, on paper and by telephone, and what many should hear."""
    can_send = may(access.me(), Permission.SEND_MESSAGES, conference)
    listed = read.of_conference(conference) if can_send else []
    return page(
        "overview",
        conference,
        waiting=read.waiting(conference, no_calls=not_theirs(conference)),
        outbox=read.outbox(conference, read.Wanted()),
        can_send=can_send,
        suggestions=read.to_tell(conference) if can_send else [],
        mailings=listed,
        became=mailings.became_of(mailing for mailing, _name in listed),
        kinds=mailings.KINDS,
    )


@bp.get("/verwaltung/<host>/<conference>/nachrichten/postausgang")
@requires(Permission.MANAGE_REGISTRATIONS, Conference)
def outbox(conference: Conference) -> ResponseReturnValue:
    sees = sees_needs(conference)
    wanted = read.Wanted(
        state=_asked_for(MessageState, "stand"),
        way=_asked_for(MessageWay, "weg"),
        kinds=_kinds_asked_for(sees),
        page=request.args.get("seite", 1, type=int),
    )
    found = read.outbox(conference, wanted)
    form = OutboxFilter(request.args)
    counts: tuple[tuple[SelectField, Any, Counter[Any]], ...] = (
        (form.stand, MessageState, found.states),
        (form.weg, MessageWay, found.ways),
        *(((form.art, MessageKind, found.kinds),) if sees else ()),
    )
    for field, members, counted in counts:
        field.choices = [
            SelectChoice("", _("alle")),
            *(
                SelectChoice(member.value, f"{label(member)} ({counted[member]})")
                for member in members
                if member in counted
            ),
        ]
    if not sees:
        form.art.choices = _neutral_kinds(found.kinds)
    return page(
        "outbox",
        conference,
        found=found,
        form=form,
        filters={
            name: value
            for name, value in (
                ("stand", wanted.state and wanted.state.value),
                ("weg", wanted.way and wanted.way.value),
                ("art", wanted.kinds and request.args["art"]),
            )
            if value
        },
    )


@bp.post("/verwaltung/<host>/nachrichten/<int:message>/noch-einmal")
@requires(Permission.GIVE_ACCESS, Message)
def send_again(message: Message) -> ResponseReturnValue:
    conference = conference_of(message)
    registration_id = message.registration_id
    if Confirm().validate_on_submit():
        try:
            outbox_domain.send_again(message, access.me())
        except DomainError as error:
            flash(str(error), "danger")
        else:
            flash(_AGAIN[message.way](), "success")
    else:
        flash(_("Das hat nicht geklappt. Bitte drücken Sie den Knopf noch einmal."), "danger")
    host, key = conference.host.key, conference.key
    if request.form.get("zurueck") == "anmeldung" and registration_id is not None:
        return redirect(
            url_for("signup.registration", host=host, conference=key, registration=registration_id)
        )
    return redirect(address("outbox", conference))


def conference_of(message: Message) -> Conference:
    """The conference a message belongs to; invitations and notices to the host are none of an organizer's."""
    conference = db.session.scalar(
        select(Conference).where(
            Conference.host_id == message.host_id, Conference.id == message.conference_id
        )
    )
    if conference is None:
        abort(404)
    return conference


_AGAIN = {
    MessageWay.EMAIL: lambda: _("Die Nachricht wird noch einmal gesendet."),
    MessageWay.LETTER: lambda: _("Der Brief liegt wieder bei denen, die zu drucken sind."),
    MessageWay.CALL: lambda: _("Der Anruf steht wieder auf der Liste."),
}


def _kinds_asked_for(sees: bool) -> frozenset[MessageKind]:
    """The kinds to list; who is not in charge of support gets those that must not stand out together."""
    member = _asked_for(MessageKind, "art")
    if not sees and (member in ALIKE or request.args.get("art") == _ALIKE_SLUG):
        return ALIKE
    return frozenset({member}) if member is not None else frozenset()


def _neutral_kinds(counted: Counter[MessageKind]) -> list[SelectChoice]:
    alike = sum(counted[kind] for kind in ALIKE)
    return [
        SelectChoice("", _("alle")),
        *([SelectChoice(_ALIKE_SLUG, f"{_('Nachricht zur Anmeldung')} ({alike})")] if alike else []),
        *(
            SelectChoice(kind.value, f"{label(kind)} ({counted[kind]})")
            for kind in MessageKind
            if kind in counted and kind not in ALIKE
        ),
    ]


def _asked_for(kind: type[Member], name: str) -> Member | None:
    return next((member for member in kind if member.value == request.args.get(name)), None)
