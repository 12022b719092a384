"""Registrations as staff work with them: what there is to do, the list, the mails. One of them: manage_one."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app.blueprints.signup import bp
from app.blueprints.signup.manage_forms import ConfirmForm, FilterForm
from app.blueprints.signup.manage_parts import meeting_words, staff_page
from app.database import db
from app.domain import outbox as outbox_domain
from app.domain import secrets
from app.domain.errors import DomainError
from app.domain.queries import registration_messages
from app.domain.queries import registrations as read
from app.models import Conference, Message, MessageState, RegistrationChannel
from app.policies import Permission
from app.web import access
from app.web.access import requires

# So many calls stand on the page; the list shows all of them.
TASKS_SHOWN = 20


@bp.route("/verwaltung/<host>/<conference>/anmeldungen")
@requires(Permission.MANAGE_REGISTRATIONS, Conference)
def registrations(conference: Conference) -> ResponseReturnValue:
    """What there is to do, groups and queues, and the list page by page."""
    form = FilterForm(request.args)
    overview = read.overview(conference, _wanted(form))
    several = len({meeting.round_number for meeting in overview.meetings}) > 1
    form.offer(
        overview, {meeting.id: meeting_words(meeting, several=several) for meeting in overview.meetings}
    )
    return staff_page(
        "registrations",
        conference,
        form=form,
        overview=overview,
        several_rounds=several,
        tasks=[(task, secrets.decrypt(task.contact)) for task in overview.tasks[:TASKS_SHOWN]],
        filters={
            field.name: field.data for field in (form.q, form.stand, form.gruppe, form.weg) if field.data
        },
    )


@bp.route("/verwaltung/<host>/<conference>/nachrichten")
@requires(Permission.MANAGE_REGISTRATIONS, Conference)
def outbox(conference: Conference) -> ResponseReturnValue:
    state = next((state for state in MessageState if state.value == request.args.get("stand")), None)
    messages, page, pages = registration_messages.messages(
        conference, state, request.args.get("seite", 1, type=int)
    )
    counts = registration_messages.message_counts(conference)
    return staff_page(
        "outbox",
        conference,
        messages=messages,
        names=read.names(message.registration_id for message in messages),
        state=state,
        states=[(known, counts[known]) for known in MessageState if known in counts],
        count=sum(counts.values()),
        page_number=page,
        pages=pages,
    )


@bp.route("/verwaltung/<host>/nachrichten/<int:message>/noch-einmal", methods=["POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Message)
def send_again(message: Message) -> ResponseReturnValue:
    conference = db.session.scalar(
        select(Conference).where(
            Conference.host_id == message.host_id, Conference.id == message.conference_id
        )
    )
    if conference is None:
        # Invitations and notices to the host are none of an organizer's mails.
        abort(404)
    registration_id = message.registration_id
    if ConfirmForm().validate_on_submit():
        try:
            outbox_domain.send_again(message, access.me())
        except DomainError as error:
            flash(str(error), "danger")
        else:
            flash(_("Die Nachricht wird noch einmal gesendet."))
    else:
        flash(_("Das hat nicht geklappt. Bitte drücken Sie den Knopf noch einmal."), "danger")
    host, key = conference.host.key, conference.key
    if request.form.get("zurueck") == "anmeldung" and registration_id is not None:
        return redirect(
            url_for("signup.registration", host=host, conference=key, registration=registration_id)
        )
    return redirect(url_for("signup.outbox", host=host, conference=key))


def _wanted(form: FilterForm) -> read.Wanted:
    group = form.gruppe.data or ""
    return read.Wanted(
        text=(form.q.data or "")[:120],
        stand=next((stand for stand in read.Stand if stand.value == form.stand.data), None),
        meeting_id=int(group) if group.isascii() and group.isdigit() and len(group) < 18 else None,
        channel=next((channel for channel in RegistrationChannel if channel.value == form.weg.data), None),
        page=request.args.get("seite", 1, type=int),
    )
