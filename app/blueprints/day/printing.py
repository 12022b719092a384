"""The print pack: choosing what is printed, and the file."""

from __future__ import annotations

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.blueprints.day import bp
from app.blueprints.day.manage_forms import PackForm
from app.database import db
from app.domain.errors import DomainError
from app.domain.queries import day as read
from app.exports.print import labels, name_tags, pack
from app.exports.print.event import Event
from app.exports.print.pack import Part, Wishes
from app.models import Conference
from app.policies import Permission
from app.web import filters, languages, navigation
from app.web.access import requires
from app.web.labels import label


@bp.get("/verwaltung/<host>/<conference>/tag/druck")
@requires(Permission.CHECK_IN, Conference)
def print_pack(conference: Conference) -> ResponseReturnValue:
    return _form_page(conference, PackForm(teile=[part.value for part in Part]))


@bp.get("/verwaltung/<host>/<conference>/tag/druckpaket.pdf")
@requires(Permission.CHECK_IN, Conference)
def print_pack_file(conference: Conference) -> ResponseReturnValue:
    if not request.args:
        return redirect(url_for(".print_pack", host=conference.host.key, conference=conference.key))
    form = PackForm(request.args)
    if not form.validate():
        return _form_page(conference, form), 422
    wishes = Wishes(
        [Part(value) for value in form.teile.data],
        labels.SHEETS[form.bogen.data],
        form.beginn.data or 1,
        form.leer.data or 0,
    )
    event = event_of(conference)
    # Nothing is held of the database while it is drawn.
    db.session.rollback()
    try:
        content = pack.make(event, wishes)
    except DomainError as error:
        form.reject(error)
        return _form_page(conference, form), 503
    response = Response(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="druckpaket-{conference.key}.pdf"'
    return response


def event_of(conference: Conference) -> Event:
    """The conference as the sheets need it, in German."""
    host, venue = conference.host, conference.venue
    contact = filters.contact_of(conference)
    return Event(
        title=str(conference.title),
        motto=str(conference.motto),
        kind=str(conference.kind_label) or label(conference.kind),
        host=host.name,
        accent=host.accent_colour,
        is_demo=conference.shows_demo,
        starts_at=conference.starts_at,
        ends_at=conference.ends_at,
        place=[
            line for line in (venue.name, venue.street, f"{venue.postal_code} {venue.city}".strip()) if line
        ]
        if venue
        else [],
        phone=contact["phone"],
        hours=contact["hours"].text,
        costs=str(conference.costs),
        languages=[
            (found.name, found.code, found.dir)
            for found in (languages.INSTALLED.get(code) for code in conference.languages)
            if found
        ],
        address=current_app.config["BASE_URL"]
        + url_for("signup.register", host=host.key, conference=conference.key),
        households=read.households(conference),
        meetings=read.meetings(conference),
        agenda=read.agenda(conference),
    )


def _form_page(conference: Conference, form: PackForm) -> str:
    event = event_of(conference)
    return render_template(
        "day/manage/print_pack.html",
        sections=navigation.of_conference(conference),
        sections_title=str(conference.title),
        form=form,
        people=sum(len(household.guests) for household in event.households),
        by_hand=name_tags.unprintable(event),
    )
