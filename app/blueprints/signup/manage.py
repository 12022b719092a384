"""Registrations as staff work with them: what there is to do, the list, the mails. One of them: manage_one."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from app import policies
from app.blueprints.signup import bp
from app.blueprints.signup.manage_forms import FilterForm
from app.blueprints.signup.manage_parts import meeting_words, staff_page
from app.domain import secrets
from app.domain.queries import registrations as read
from app.models import Conference, RegistrationChannel
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
        may_import=policies.may(access.me(), Permission.SEND_MESSAGES, conference),
    )


def _wanted(form: FilterForm) -> read.Wanted:
    group = form.gruppe.data or ""
    return read.Wanted(
        text=(form.q.data or "")[:120],
        stand=next((stand for stand in read.Stand if stand.value == form.stand.data), None),
        meeting_id=int(group) if group.isascii() and group.isdigit() and len(group) < 10 else None,
        channel=next((channel for channel in RegistrationChannel if channel.value == form.weg.data), None),
        page=request.args.get("seite", 1, type=int),
    )
