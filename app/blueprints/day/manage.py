"""The door, the rooms and people without registration, for staff and helpers."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import policies
from app.blueprints.day import bp
from app.blueprints.day.manage_forms import CodeForm, PressForm, SearchForm, with_rooms
from app.database import now
from app.domain import admission, day
from app.domain.errors import DomainError
from app.domain.queries import day as read
from app.domain.queries.day import Guest, Household
from app.models import Conference, GroupRound, Registration, RoleGroup
from app.policies import Permission
from app.web import access, navigation
from app.web.access import requires
from app.web.fresh_codes import remember_code, remembered_code

PER_PAGE = 50
# A button for the whole household.
ALL = "alle"


@bp.get("/verwaltung/<host>/<conference>/tag")
@requires(Permission.CHECK_IN, Conference)
def overview(conference: Conference) -> ResponseReturnValue:
    return _page("overview", conference, counts=read.counts(conference), takes_place=_takes_place(conference))


@bp.route("/verwaltung/<host>/<conference>/tag/einlass", methods=["GET", "POST"])
@requires(Permission.CHECK_IN, Conference)
def check_in(conference: Conference) -> ResponseReturnValue:
    """The list at the door; posting looks up a code, and lets in whoever comes alone."""
    form, search = CodeForm(), SearchForm(request.args)
    if form.validate_on_submit():
        try:
            registration = day.by_what_was_shown(conference, form.code.data or "")
            people = [person.id for person in registration.participants]
            alone = len(people) == 1
            news = day.check_in(conference, people, by=access.me()) if alone else 0
        except DomainError as error:
            form.reject(error)
        else:
            if not alone:
                return redirect(_url("household", registration))
            here = _guests(read.households(conference, registration.id), people)
            _say_they_are_here(here, news, by_code=True)
            return redirect(_url("check_in", conference))
    wanted = (search.q.data or "")[:120]
    everybody = read.households(conference)
    found = read.search(everybody, wanted)
    pages = max(1, math.ceil(len(found) / PER_PAGE))
    number = min(max(1, request.args.get("seite", 1, type=int)), pages)
    body = _page(
        "check_in",
        conference,
        form=form,
        search=search,
        wanted=wanted,
        found=found[(number - 1) * PER_PAGE : number * PER_PAGE],
        count=len(found),
        page_number=number,
        pages=pages,
        expected=sum(len(entry.guests) for entry in everybody),
        arrived=sum(entry.arrived for entry in everybody),
        takes_place=_takes_place(conference),
    )
    return _with_camera(body, form.status)


@bp.route("/verwaltung/<host>/<conference>/tag/einlass/<int:registration>", methods=["GET", "POST"])
@requires(Permission.CHECK_IN, Registration)
def household(registration: Registration) -> ResponseReturnValue:
    """One household: each person alone, or all of them."""
    conference = registration.conference
    form = PressForm()
    if form.validate_on_submit():
        everybody = [person.id for person in registration.participants]
        try:
            if people := _marked("raus", everybody):
                day.undo(conference, people)
                flash(_("Das ist zurückgenommen."), "info")
            else:
                people = _marked("rein", everybody)
                news = day.check_in(conference, people, by=access.me())
                _say_they_are_here(_guests(read.households(conference, registration.id), people), news)
        except DomainError as error:
            form.reject(error)
        else:
            return redirect(_back_from(registration))
    found = read.households(conference, registration.id)
    return _page(
        "household",
        conference,
        registration=registration,
        entry=found[0] if found else None,
        form=form,
        takes_place=_takes_place(conference),
    ), form.status


@bp.route("/verwaltung/<host>/<conference>/tag/raum/<int:number>/<int:round_number>", methods=["GET", "POST"])
@requires(Permission.CHECK_IN, GroupRound)
def room(group_round: GroupRound) -> ResponseReturnValue:
    """Who sits in one round of a group, and who of them is in the room."""
    conference = group_round.group.conference
    form = CodeForm()
    if form.is_submitted():
        try:
            said = _mark_in_room(conference, group_round, form)
        except DomainError as error:
            form.reject(error)
        else:
            if said:
                return redirect(_room_url(group_round))
    entries = [
        (entry, guest)
        for entry in read.households(conference)
        for guest in entry.guests
        if any(meeting.id == group_round.id for meeting in guest.meetings)
    ]
    meeting = next(known for known in read.meetings(conference) if known.id == group_round.id)
    body = _page(
        "room",
        conference,
        group_round=group_round,
        meeting=meeting,
        entries=entries,
        present=sum(group_round.id in guest.in_rooms for _entry, guest in entries),
        form=form,
        takes_place=_takes_place(conference),
    )
    return _with_camera(body, form.status)


@bp.route("/verwaltung/<host>/<conference>/tag/ohne-anmeldung", methods=["GET", "POST"])
@requires(Permission.CHECK_IN, Conference)
def walk_in(conference: Conference) -> ResponseReturnValue:
    """One press more lets one adult in; everything on the page may be left as it is."""
    counts = read.counts(conference)
    free_seats = {seats.id: seats.seats_free for group in conference.groups for seats in group.rounds}
    form = with_rooms(counts.rooms, free_seats)
    if form.validate_on_submit():
        try:
            registration, code = day.walk_in(
                conference,
                form.people(),
                submission=form.submission.data or "",
                by=access.me(),
                name=form.display_name.data,
                role_group=RoleGroup(form.role_group.data),
            )
        except DomainError as error:
            form.reject(error)
        else:
            remember_code(registration, code)
            found = _guests(read.households(conference, registration.id), None)
            _say_they_are_here(found, len(found))
            return redirect(_url("slip", registration))
    return _page(
        "walk_in",
        conference,
        form=form,
        free=admission.free_for(conference, RoleGroup.RESIDENT, walk_in=True),
        is_full=_is_full(conference),
        takes_place=_takes_place(conference),
    ), form.status


@bp.get("/verwaltung/<host>/<conference>/tag/einlass/<int:registration>/zettel")
@requires(Permission.CHECK_IN, Registration)
def slip(registration: Registration) -> ResponseReturnValue:
    """A sheet to take home: where to go now, and the code while it is known. It is known right after it was made."""
    conference = registration.conference
    found = read.households(conference, registration.id)
    if not found:
        abort(404)
    return _page(
        "slip", conference, registration=registration, entry=found[0], code=remembered_code(registration)
    )


@bp.route("/verwaltung/<host>/<conference>/tag/abschliessen", methods=["GET", "POST"])
@requires(Permission.CHECK_IN, Conference)
def close_door(conference: Conference) -> ResponseReturnValue:
    form = PressForm()
    if form.validate_on_submit():
        try:
            closed = day.close_door(conference, access.me())
        except DomainError as error:
            form.reject(error)
        else:
            flash(
                _(
                    "Der Einlass ist abgeschlossen: %(attended)s Anmeldungen waren da, %(missing)s nicht.",
                    attended=closed.attended,
                    missing=closed.no_show,
                )
            )
            return redirect(_url("overview", conference))
    return _page(
        "close_door",
        conference,
        form=form,
        counts=read.counts(conference),
        has_begun=now() >= conference.starts_at,
        takes_place=_takes_place(conference),
    ), form.status


def _mark_in_room(conference: Conference, group_round: GroupRound, form: CodeForm) -> bool:
    """Do what a button or a code asks for; False where the form has something to say."""
    seated = [
        guest.participant_id
        for entry in read.households(conference)
        for guest in entry.guests
        if any(meeting.id == group_round.id for meeting in guest.meetings)
    ]
    buttons = PressForm()
    if any(name in request.form for name in ("rein", "raus")):
        if not buttons.validate():
            form.form_errors.extend(error for errors in buttons.errors.values() for error in errors)
            return False
        if people := _marked("raus", seated):
            day.undo(conference, people, group_round=group_round)
            flash(_("Das ist zurückgenommen."), "info")
            return True
        people, by_code = _marked("rein", seated), False
    elif form.validate():
        registration = day.by_what_was_shown(conference, form.code.data or "")
        people = [person.id for person in registration.participants if person.id in seated] or [
            person.id for person in registration.participants
        ]
        by_code = True
    else:
        return False
    news = day.check_in(conference, people, group_round=group_round, by=access.me())
    _say_they_are_here(_guests(read.households(conference), people), news, by_code=by_code)
    return True


def _page(name: str, conference: Conference, **values: Any) -> str:
    return render_template(
        f"day/manage/{name}.html",
        sections=navigation.of_conference(conference),
        sections_title=str(conference.title),
        may_give_access=policies.may(access.me(), Permission.GIVE_ACCESS, conference),
        **values,
    )


def _with_camera(body: str, status: int) -> Response:
    """A page that may ask for the camera; all others may not."""
    response = make_response(body, status)
    response.headers["Permissions-Policy"] = "geolocation=(), microphone=(), camera=(self)"
    return response


def _takes_place(conference: Conference) -> bool:
    return conference.status not in day.NOT_TAKING_PLACE


def _is_full(conference: Conference) -> bool:
    return all(admission.free_for(conference, role_group, walk_in=True) == 0 for role_group in RoleGroup)


def _marked(button: str, known: Collection[int]) -> list[int]:
    """The people a button stands for; 404 for somebody who is not on the page."""
    value = request.form.get(button, "")
    if value == ALL:
        return list(known)
    if not value:
        return []
    if not (value.isascii() and value.isdigit() and len(value) < 18 and int(value) in known):
        abort(404)
    return [int(value)]


def _guests(found: list[Household], people: Collection[int] | None) -> list[Guest]:
    return [
        guest for entry in found for guest in entry.guests if people is None or guest.participant_id in people
    ]


def _say_they_are_here(guests: list[Guest], news: int, *, by_code: bool = False) -> None:
    """Who has come; a code that is shown a second time does not look like the first."""
    names = [guest.name for guest in guests if guest.name]
    others = len(guests) - len(names)
    if others:
        names.append(
            _("1 Person ohne Namen") if others == 1 else _("%(count)s Personen ohne Namen", count=others)
        )
    who = ", ".join(names)
    if news:
        flash(_("Angekommen: %(who)s", who=who), "success")
    elif by_code:
        flash(_("War schon da: %(who)s. Dieser Code wurde schon einmal gezeigt.", who=who), "warning")
    else:
        flash(_("War schon da: %(who)s.", who=who), "info")


def _url(endpoint: str, subject: Conference | Registration, **more: Any) -> str:
    conference = subject if isinstance(subject, Conference) else subject.conference
    if isinstance(subject, Registration):
        more["registration"] = subject.id
    return url_for(f"day.{endpoint}", host=conference.host.key, conference=conference.key, **more)


def _back_from(registration: Registration) -> str:
    """To the line in the list where the button was, or to the household."""
    if request.form.get("zurueck") != "liste":
        return _url("household", registration)
    return _url(
        "check_in",
        registration.conference,
        q=request.form.get("q", "")[:120] or None,
        seite=request.form.get("seite", type=int),
        _anchor=f"anmeldung-{registration.id}",
    )


def _room_url(group_round: GroupRound) -> str:
    conference = group_round.group.conference
    return url_for(
        "day.room",
        host=conference.host.key,
        conference=conference.key,
        number=group_round.group.number,
        round_number=group_round.number,
    )
