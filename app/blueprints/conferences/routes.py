"""Pages about a conference for everybody: what, when, where, programme, working groups, calendar."""

from __future__ import annotations

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.blueprints.conferences import bp, pages
from app.database import now
from app.domain import calendar as entries
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
    response = _calendar_file(file)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@bp.get("/<host>/<conference>/termine.ics")
@requires(Permission.SEE_CONFERENCE, Conference)
def feed(conference: Conference) -> ResponseReturnValue:
    file = calendars.feed(
        conference,
        conferences.programme_of(conference),
        conferences.groups_of(conference),
        entries.cancelled(conference),
        languages.current().code,
        current_app.config["BASE_URL"],
    )
    return _calendar_file(file)


@bp.get("/<host>/<conference>/kalender")
@requires(Permission.SEE_CONFERENCE, Conference)
@kept_until_changed
def subscribe(conference: Conference) -> ResponseReturnValue:
    address = calendars.feed_address(conference, languages.current().code, current_app.config["BASE_URL"])
    return render_template(
        "conferences/subscribe.html",
        address=address,
        # Calendars that know this scheme open by themselves and ask whether they shall subscribe.
        webcal="webcal:" + address.partition(":")[2],
        state=conference.signup_state(now()),
    )


def _calendar_file(file: calendars.File) -> Response:
    """A file that whoever has it already does not get again (304)."""
    response = Response(file.content, content_type=file.media_type)
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(file.mark, weak=True)
    response.make_conditional(request)
    return response
