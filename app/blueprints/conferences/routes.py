"""Pages about a conference for everybody: what, when, where, programme, working groups, calendar."""

from __future__ import annotations

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.blueprints.conferences import bp, pages
from app.database import now
from app.domain.queries import conferences, contributions
from app.exports import calendar as calendars
from app.models import Conference, WorkingGroup
from app.policies import Permission
from app.web import languages
from app.web.access import requires
from app.web.cache import kept_until_changed


@bp.get("/<host>/<conference>/")
@requires(Permission.SEE_CONFERENCE, Conference)
@kept_until_changed
def show(conference: Conference) -> ResponseReturnValue:
    return pages.render_show(conference)


@bp.get("/<host>/<conference>/programm")
@requires(Permission.SEE_CONFERENCE, Conference)
@kept_until_changed
def programme(conference: Conference) -> ResponseReturnValue:
    return pages.render_programme(conference)


@bp.get("/<host>/<conference>/arbeitsgruppen")
@requires(Permission.SEE_CONFERENCE, Conference)
@kept_until_changed
def groups(conference: Conference) -> ResponseReturnValue:
    return pages.render_groups(conference)


@bp.get("/<host>/<conference>/arbeitsgruppen/<int:number>")
@requires(Permission.SEE_CONFERENCE, WorkingGroup)
@kept_until_changed
def group(group: WorkingGroup) -> ResponseReturnValue:
    conference = group.conference
    everyone = conferences.groups_of(conference)
    full = {held.number for held in group.rounds if held.is_full}
    others = [
        other
        for other in everyone
        if other.id != group.id and any(held.number in full and not held.is_full for held in other.rounds)
    ]
    return render_template(
        "conferences/group.html",
        group=group,
        others=others,
        state=conference.signup_state(now()),
        phase=conference.contribution_phase(now()),
        voices=contributions.count_in_group(group),
    )


@bp.get("/<host>/<conference>/kalender.ics")
@requires(Permission.SEE_CONFERENCE, Conference)
def calendar(conference: Conference) -> ResponseReturnValue:
    file = calendars.conference_calendar(conference, languages.current().code, current_app.config["BASE_URL"])
    response = Response(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)
