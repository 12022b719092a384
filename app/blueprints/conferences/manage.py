"""Planning a conference: making it, seeing where it stands, previewing it, and the steps of its life."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from flask import abort, flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.conferences import bp, pages
from app.blueprints.conferences.manage_forms import Confirm, CopyConference, NewConference
from app.blueprints.conferences.manage_page import address, page
from app.blueprints.conferences.manage_words import PAGE_OF, STEPS, StepWords
from app.database import now
from app.domain import conferences, lifecycle, local_time, translations, venues
from app.domain.errors import DomainError
from app.domain.queries import planning
from app.models import Conference, ConferenceKind, ConferenceStatus, Host
from app.policies import Permission
from app.web import languages, navigation
from app.web.access import requires


@bp.route("/verwaltung/<host>/konferenzen/neu", methods=["GET", "POST"])
@requires(Permission.CREATE_CONFERENCE, Host)
def create(host: Host) -> ResponseReturnValue:
    form = NewConference()
    form.offer(venues.all_of(host))
    if not form.is_submitted():
        form.contact_phone.data, form.contact_email.data = host.phone, host.email
        form.day.data, form.starts.data, form.ends.data = _in_eight_weeks(), time(16, 30), time(20, 0)
    if form.validate_on_submit():
        try:
            made = conferences.create(
                host,
                title=form.title.data,
                kind=ConferenceKind(form.kind.data),
                starts_at=local_time.instant(form.day.data, form.starts.data, field="starts"),
                ends_at=local_time.instant(form.day.data, form.ends.data, field="ends"),
                key=form.key.data,
                venue_id=int(form.venue.data) if form.venue.data else None,
                contact_phone=form.contact_phone.data,
                contact_email=form.contact_email.data,
                with_evening=form.plan.data == "evening",
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Der Entwurf ist angelegt. Nur Sie und Ihr Team sehen ihn."), "success")
            return redirect(url_for(".manage", host=host.key, conference=made.key), 303)
    body = render_template("conferences/manage/create.html", form=form, sections=navigation.of_host(host))
    return body, form.status


@bp.route("/verwaltung/<host>/<conference>/kopieren", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def copy(conference: Conference) -> ResponseReturnValue:
    form = CopyConference()
    if not form.is_submitted():
        form.title.data = str(conference.title)
        form.starts.data = local_time.time_of(conference.starts_at)
    if form.validate_on_submit():
        try:
            made = conferences.copy(
                conference,
                title=form.title.data,
                starts_at=local_time.instant(form.day.data, form.starts.data, field="starts"),
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(
                _("Die Kopie ist angelegt. Prüfen Sie Texte und Termine, bevor Sie sie veröffentlichen."),
                "success",
            )
            return redirect(address("manage", made), 303)
    return page("copy", conference, form.status, form=form)


@bp.get("/verwaltung/<host>/<conference>/")
@requires(Permission.EDIT_CONFERENCE, Conference)
def manage(conference: Conference) -> ResponseReturnValue:
    figures = planning.figures(conference)
    further = [languages.INSTALLED[code] for code in conference.languages if code in languages.INSTALLED]
    return page(
        "manage",
        conference,
        state=conference.signup_state(now()),
        figures=figures,
        road=planning.road(conference),
        phase=conference.contribution_phase(now()),
        missing=_missing(lifecycle.missing(conference)),
        hints=_hints(conference, figures),
        steps=[
            STEPS[step]
            for step in lifecycle.possible(conference)
            if not (step is lifecycle.Step.WITHDRAW and figures.registered)
        ],
        translations=[
            (language, *translations.progress(conference, language.code))
            for language in further
            if language is not languages.GERMAN
        ],
    )


@bp.get("/verwaltung/<host>/<conference>/vorschau")
@requires(Permission.EDIT_CONFERENCE, Conference)
def preview(conference: Conference) -> ResponseReturnValue:
    return _never_kept(pages.render_show(conference, preview=True))


@bp.get("/verwaltung/<host>/<conference>/vorschau/programm")
@requires(Permission.EDIT_CONFERENCE, Conference)
def preview_programme(conference: Conference) -> ResponseReturnValue:
    return _never_kept(pages.render_programme(conference, preview=True))


@bp.get("/verwaltung/<host>/<conference>/vorschau/arbeitsgruppen")
@requires(Permission.EDIT_CONFERENCE, Conference)
def preview_groups(conference: Conference) -> ResponseReturnValue:
    return _never_kept(pages.render_groups(conference, preview=True))


@bp.route("/verwaltung/<host>/<conference>/schritt/<step>", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def change_status(conference: Conference, step: str) -> ResponseReturnValue:
    chosen = next((known for known, words in STEPS.items() if words.slug == step), None)
    if chosen is None:
        abort(404)
    words = STEPS[chosen]
    form = Confirm()
    if form.validate_on_submit():
        try:
            lifecycle.take(conference, chosen)
        except DomainError as error:
            form.reject(error)
        else:
            flash(str(words.done), "success")
            return redirect(address("manage", conference), 303)
    return page(
        "change_status",
        conference,
        form.status,
        form=form,
        words=words,
        missing=_missing(lifecycle.missing(conference) if chosen in lifecycle.TAKES_PLACE else []),
        people=planning.figures(conference).registered,
    )


@bp.route("/verwaltung/<host>/<conference>/loeschen", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def remove(conference: Conference) -> ResponseReturnValue:
    form = Confirm()
    if form.validate_on_submit():
        try:
            lifecycle.remove(conference)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Der Entwurf ist gelöscht."), "success")
            return redirect(url_for("accounts.dashboard"), 303)
    return page(
        "change_status",
        conference,
        form.status,
        form=form,
        words=StepWords(
            "loeschen",
            _("Entwurf löschen"),
            _("Entwurf löschen?"),
            _("Texte, Programm und Arbeitsgruppen werden gelöscht. Das lässt sich nicht rückgängig machen."),
            "",
            kind="danger",
        ),
        missing=[],
        people=0,
    )


def _in_eight_weeks() -> date:
    """A Thursday with time to invite people."""
    ahead = local_time.day_of(now()) + timedelta(weeks=8)
    return ahead + timedelta(days=(3 - ahead.weekday()) % 7)


def _missing(found: list[lifecycle.Missing]) -> list[tuple[Any, str]]:
    """What is missing, and the address of the page that has it."""
    return [
        (
            entry.sentence,
            url_for("public.settings", host=g.host.key)
            if entry.where == "settings"
            else address(PAGE_OF[entry.where], g.conference),
        )
        for entry in found
    ]


def _hints(conference: Conference, figures: planning.Figures) -> list[tuple[str, str]]:
    """What does not keep a conference from being published, but is usually forgotten."""
    hints = []
    if not figures.items:
        hints.append((_("Das Programm ist noch leer."), "edit_programme"))
    if not figures.groups:
        hints.append((_("Es gibt noch keine Arbeitsgruppen."), "edit_groups"))
    closes = conference.registration_closes_at
    if closes and closes > conference.starts_at:
        hints.append((_("Die Anmeldefrist endet nach dem Beginn der Konferenz."), "edit_schedule"))
    if conference.status is ConferenceStatus.REGISTRATION_OPEN and closes and closes <= now():
        hints.append(
            (_("Die Anmeldefrist ist vorbei: Niemand kann sich mehr selbst anmelden."), "edit_schedule")
        )
    return [(words, address(endpoint, conference)) for words, endpoint in hints]


def _never_kept(body: str) -> ResponseReturnValue:
    response = make_response(body)
    response.headers["Cache-Control"] = "no-store"
    return response
