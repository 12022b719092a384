"""Giving out seats by wishes, as staff do it: ask for a proposal, read it, change it by hand, release it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.blueprints.signup import bp
from app.blueprints.signup.manage_allocation_forms import (
    AllocationFilterForm,
    AskForm,
    ReleaseForm,
    adjust_form,
)
from app.blueprints.signup.manage_forms import ConfirmForm
from app.blueprints.signup.manage_parts import staff_page
from app.database import db, now
from app.domain.allocation import propose
from app.domain.allocation import release as releasing
from app.domain.errors import AllocationStale, DomainError
from app.domain.queries import allocation as read
from app.models import Allocation, AllocationState, Conference, GroupChoice
from app.policies import Permission
from app.web import access
from app.web.access import requires

# After that somebody should look whether the worker runs; solving takes two minutes at most, and is tried again.
_LATE = timedelta(minutes=10)

# So many people are named on the page before releasing; the rest is a number.
_NAMED = 50

# What each goal of the protocol is called; the order is theirs.
GOALS = {
    "seated": _l("Personen mit Platz, alle Runden zusammen"),
    "torn": _l("Trennungen von Haushalten, die zusammenbleiben möchten"),
    "repeated": _l("Personen zweimal in derselben Gruppe"),
    "first": _l("erfüllte erste Wünsche"),
    "second": _l("erfüllte zweite Wünsche"),
    "third": _l("erfüllte dritte Wünsche"),
}


@bp.route("/verwaltung/<host>/<conference>/einteilung", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def allocation(conference: Conference) -> ResponseReturnValue:
    """The proposal there is; posting asks for a new one."""
    form = AskForm()
    if form.validate_on_submit():
        try:
            propose.ask(conference, seed=form.seed.data, by=access.me())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Die Einteilung wird berechnet. Das dauert meist weniger als eine Minute."))
            return redirect(_overview(conference))
    found = read.latest(conference)
    is_open = found is not None and found.state is AllocationState.DRAFT
    return (
        staff_page(
            "allocation/overview",
            conference,
            form=form,
            by_wishes=conference.group_choice is GroupChoice.WISHES,
            rounds=read.rounds(conference),
            allocation=found,
            is_open=is_open,
            is_stale=found is not None and read.is_stale(found, conference),
            is_late=found is not None and found.created_at < now() - _LATE,
            groups=read.groups(found) if found else [],
            figures=read.figures(found) if found else None,
            goals=GOALS,
        ),
        form.status,
    )


@bp.get("/verwaltung/<host>/<conference>/einteilung/stand")
@requires(Permission.EDIT_CONFERENCE, Conference)
def allocation_progress(conference: Conference) -> ResponseReturnValue:
    """What the script on the page above asks for every few seconds: whether a proposal is being solved."""
    found = read.latest(conference)
    return jsonify(pending=found is not None and found.state is AllocationState.QUEUED, files=[])


@bp.route("/verwaltung/<host>/<conference>/einteilung/<int:allocation>/personen")
@requires(Permission.EDIT_CONFERENCE, Allocation)
def allocation_people(allocation: Allocation) -> ResponseReturnValue:
    form = AllocationFilterForm(request.args)
    show = form.zeige.data or ""
    found = read.people(allocation, show, request.args.get("seite", 1, type=int))
    return staff_page(
        "allocation/people",
        _conference(allocation),
        form=form,
        allocation=allocation,
        is_open=allocation.state is AllocationState.DRAFT,
        people=found,
        filters={"zeige": show} if show else {},
    )


@bp.route(
    "/verwaltung/<host>/<conference>/einteilung/<int:allocation>/personen/<int:person>",
    methods=["GET", "POST"],
)
@requires(Permission.EDIT_CONFERENCE, Allocation)
def adjust_allocation(allocation: Allocation, person: int) -> ResponseReturnValue:
    """One person of a proposal; posting gives them other groups in it."""
    line = read.person(allocation, person)
    if line is None:
        abort(404)
    conference = _conference(allocation)
    form = adjust_form(line, read.groups(allocation))
    if form.validate_on_submit():
        try:
            propose.adjust(
                allocation,
                line.participant,
                form.wanted(),
                reason=form.reason.data or "",
                by=access.me(),
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Der Vorschlag ist geändert. Vergeben wird der Platz beim Freigeben."))
            return redirect(_within("allocation_people", conference, allocation))
    return (
        staff_page(
            "allocation/adjust",
            conference,
            form=form,
            allocation=allocation,
            line=line,
            is_open=allocation.state is AllocationState.DRAFT,
        ),
        form.status,
    )


@bp.route("/verwaltung/<host>/<conference>/einteilung/<int:allocation>/freigeben", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Allocation)
def release_allocation(allocation: Allocation) -> ResponseReturnValue:
    """Says what releasing does; posting gives the seats."""
    conference, form = _conference(allocation), ReleaseForm()
    is_stale = read.is_stale(allocation, conference)
    if form.validate_on_submit():
        try:
            done = releasing.release(allocation, anyway=request.form.get("anyway") == "1", by=access.me())
        except DomainError as error:
            form.reject(error)
            is_stale = is_stale or isinstance(error, AllocationStale)
        else:
            flash(_released_words(done))
            return redirect(_overview(conference))
    is_open = allocation.state is AllocationState.DRAFT
    forecast = releasing.forecast(allocation, anyway=is_stale) if is_open else releasing.Forecast(0, ())
    left_out = forecast.people_left_out
    return (
        staff_page(
            "allocation/release",
            conference,
            form=form,
            allocation=allocation,
            is_open=is_open,
            is_stale=is_stale,
            figures=read.figures(allocation),
            forecast=forecast,
            left_out=[read.PersonLine(person, ()) for person in left_out[:_NAMED]],
            unnamed=max(0, len(left_out) - _NAMED),
        ),
        form.status,
    )


@bp.route("/verwaltung/<host>/<conference>/einteilung/<int:allocation>/verwerfen", methods=["POST"])
@requires(Permission.EDIT_CONFERENCE, Allocation)
def discard_allocation(allocation: Allocation) -> ResponseReturnValue:
    conference = _conference(allocation)
    if ConfirmForm().validate_on_submit():
        try:
            propose.discard(allocation)
        except DomainError as error:
            flash(str(error), "danger")
        else:
            flash(_("Der Vorschlag ist verworfen. Vergeben war davon noch nichts."))
    return redirect(_overview(conference))


def _released_words(done: releasing.Released) -> str:
    if done.is_repeated:
        return _("Diese Einteilung ist schon freigegeben. Es hat sich nichts geändert.")
    words = ngettext("%(num)s Platz ist vergeben.", "%(num)s Plätze sind vergeben.", done.given)
    if done.left_out:
        words += " " + ngettext(
            "%(num)s vorgeschlagener Platz ist nicht vergeben, weil sich etwas geändert hatte.",
            "%(num)s vorgeschlagene Plätze sind nicht vergeben, weil sich etwas geändert hatte.",
            done.left_out,
        )
    return words


def _conference(allocation: Allocation) -> Conference:
    return db.session.get_one(Conference, allocation.conference_id)


def _overview(conference: Conference) -> str:
    return url_for("signup.allocation", host=conference.host.key, conference=conference.key)


def _within(endpoint: str, conference: Conference, allocation: Allocation, **values: Any) -> str:
    return url_for(
        f"signup.{endpoint}",
        host=conference.host.key,
        conference=conference.key,
        allocation=allocation.number,
        **values,
    )
