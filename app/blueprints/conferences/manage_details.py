"""Texts, translations, date, registration and venue of a conference."""

from __future__ import annotations

from typing import Any

import flask_babel
from flask import abort, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.conferences import bp
from app.blueprints.conferences.manage_forms import (
    ChooseVenue,
    Confirm,
    ContributionWindow,
    Schedule,
    Texts,
    VenueForm,
    translation_form,
    venue_form,
)
from app.blueprints.conferences.manage_page import address, page
from app.blueprints.conferences.manage_words import TEXT_NAMES
from app.database import db, now
from app.domain import conferences, editing, translations, venues
from app.domain.errors import DomainError
from app.domain.queries import queues
from app.models import AgendaItem, Conference, ConferenceKind, Venue, WorkingGroup
from app.policies import Permission
from app.web import languages
from app.web.access import requires
from app.web.saving import saved, was_refused

_TEXTS = (*conferences.TEXTS, *conferences.BASICS)


@bp.route("/verwaltung/<host>/<conference>/texte", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_texts(conference: Conference) -> ResponseReturnValue:
    def stored() -> tuple[dict[str, Any], str]:
        values = editing.values(conference, _TEXTS)
        further = [language.code for language in _further(conference)]
        return {**values, "kind": values["kind"].value, "languages": further}, editing.seen(values)

    fields, shown = stored()
    form = Texts(data=fields)
    form.offer()
    form.start(shown)
    if form.validate_on_submit():
        wanted = {name: form[name].data for name in _TEXTS}
        wanted["kind"] = ConferenceKind(form.kind.data)
        wanted["languages"] = _languages(conference.languages, form.languages.data)
        if saved(form, lambda: conferences.edit(conference, wanted, shown=form.shown.data or ""), stored):
            flash(_("Die Texte sind gespeichert."), "success")
            return redirect(address("edit_texts", conference), 303)
    return page("edit_texts", conference, form.status, form=form, further=_further(conference))


def _languages(before: list[str], chosen: list[str]) -> list[str]:
    """German first; languages that came from a file and are not installed stay."""
    kept = [code for code in before if code not in languages.INSTALLED]
    return [languages.GERMAN.code, *(code for code in languages.INSTALLED if code in chosen), *kept]


def _further(conference: Conference) -> list[languages.Language]:
    return [
        language
        for language in languages.INSTALLED.values()
        if language is not languages.GERMAN and language.code in conference.languages
    ]


@bp.route("/verwaltung/<host>/<conference>/texte/<code>", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_translation(conference: Conference, code: str) -> ResponseReturnValue:
    language = next((known for known in _further(conference) if known.code == code), None)
    if language is None:
        abort(404)
    found = translations.texts(conference)

    def stored() -> tuple[dict[str, Any], str]:
        present = translations.texts(conference)
        return {text.field: text.read(code) for text in present}, translations.seen(conference, code)

    fields, shown = stored()
    form = translation_form(found, TEXT_NAMES)(data=fields)
    form.start(shown)
    if form.validate_on_submit():
        wanted = {text.field: form[text.field].data for text in found}
        if saved(
            form,
            lambda: translations.save(conference, code, wanted, shown=form.shown.data or ""),
            stored,
        ):
            flash(_("Die Übersetzung ist gespeichert."), "success")
            return redirect(address("edit_translation", conference, code=code), 303)
    return page(
        "edit_translation",
        conference,
        form.status,
        form=form,
        target=language,
        target_name=flask_babel.get_locale().languages.get(code, language.name),
        further=_further(conference),
        sections_of_texts=_by_subject(found),
        done=sum(bool(text.read(code)) for text in found),
        count=len(found),
    )


def _by_subject(found: list[translations.Text]) -> list[tuple[str, list[translations.Text]]]:
    """The texts under a heading for each thing they belong to."""
    result: list[tuple[str, list[translations.Text]]] = []
    subject = None
    for text in found:
        if text.subject is not subject:
            subject = text.subject
            result.append((_heading(subject), []))
        result[-1][1].append(text)
    return result


def _heading(subject: Any) -> str:
    match subject:
        case Venue():
            return _("Ort: %(name)s", name=subject.name)
        case AgendaItem():
            return _("Programm: %(title)s", title=str(subject.title))
        case WorkingGroup():
            return _("Arbeitsgruppe %(number)s: %(title)s", number=subject.number, title=str(subject.title))
        case _:
            return _("Konferenz")


@bp.route("/verwaltung/<host>/<conference>/termin", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_schedule(conference: Conference) -> ResponseReturnValue:
    def stored() -> tuple[dict[str, Any], str]:
        values = editing.values(conference, conferences.SCHEDULE)
        return Schedule.put(values), editing.seen(values)

    fields, shown = stored()
    form = Schedule(data=fields)
    form.start(shown)
    if form.validate_on_submit():
        moved = False

        def act() -> None:
            nonlocal moved
            moved = conferences.schedule(conference, form.take(), shown=form.shown.data or "")

        if saved(form, act, stored):
            flash(
                _("Der Termin ist gespeichert. Das Programm ist mit verschoben.")
                if moved
                else _("Termin und Anmeldung sind gespeichert."),
                "success",
            )
            return redirect(address("edit_schedule", conference), 303)
    taken = conference.places_taken - queues.offered_places([conference.id]).get(conference.id, 0)
    return page("edit_schedule", conference, form.status, form=form, taken=taken)


@bp.route("/verwaltung/<host>/<conference>/termin/beitraege", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_contribution_window(conference: Conference) -> ResponseReturnValue:
    """From when until when residents can hand in contributions."""

    def stored() -> tuple[dict[str, Any], str]:
        values = editing.values(conference, conferences.CONTRIBUTION_WINDOW)
        return ContributionWindow.put(values), editing.seen(values)

    fields, shown = stored()
    form = ContributionWindow(data=fields)
    form.start(shown)
    if form.validate_on_submit() and saved(
        form,
        lambda: conferences.set_contribution_window(conference, *form.take(), shown=form.shown.data or ""),
        stored,
    ):
        flash(_("Die Zeit für Beiträge ist gespeichert."), "success")
        return redirect(address("edit_contribution_window", conference), 303)
    return page(
        "edit_contribution_window",
        conference,
        form.status,
        form=form,
        phase=conference.contribution_phase(now()),
    )


@bp.post("/verwaltung/<host>/<conference>/termin/beitraege/jetzt")
@requires(Permission.EDIT_CONFERENCE, Conference)
def switch_contributions(conference: Conference) -> ResponseReturnValue:
    """Open or close the time for contributions at once."""
    if not was_refused(Confirm()):
        if request.form.get("wanted") == "open":
            conferences.open_contributions(conference)
            flash(_("Ab jetzt kann man Beiträge abgeben."), "success")
        else:
            conferences.close_contributions(conference)
            flash(_("Ab jetzt kann niemand mehr selbst Beiträge abgeben."), "success")
    return redirect(address("edit_contribution_window", conference), 303)


@bp.route("/verwaltung/<host>/<conference>/ort", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_venue(conference: Conference) -> ResponseReturnValue:
    def stored() -> tuple[dict[str, Any], str]:
        values = editing.values(conference, ["venue_id"])
        return {"venue": str(values["venue_id"] or "")}, editing.seen(values)

    fields, shown = stored()
    form = ChooseVenue(data=fields)
    offered = venues.all_of(g.host)
    form.offer(offered)
    form.start(shown)
    if form.validate_on_submit():
        cleared = 0

        def act() -> None:
            nonlocal cleared
            venue_id = int(form.venue.data) if form.venue.data else None
            cleared = conferences.choose_venue(conference, venue_id, shown=form.shown.data or "")

        if saved(form, act, stored):
            flash(_("Der Ort ist gespeichert."), "success")
            if cleared:
                flash(
                    _("Die Räume gehörten zum alten Ort. Bitte wählen Sie sie in Programm und Gruppen neu."),
                    "warning",
                )
            return redirect(address("edit_venue", conference), 303)
    return page("edit_venue", conference, form.status, form=form, venues=offered)


@bp.route("/verwaltung/<host>/<conference>/ort/neu", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def add_venue(conference: Conference) -> ResponseReturnValue:
    form = VenueForm()
    form.start("")
    if form.validate_on_submit():

        def act() -> None:
            venue = venues.add(g.host, form.take(), rooms=form.rooms_wanted())
            if conference.venue_id is None:
                conferences.choose_venue(conference, venue.id)

        if saved(form, act, lambda: ({}, "")):
            flash(_("Der Ort ist angelegt."), "success")
            return redirect(address("edit_venue", conference), 303)
    return page("edit_house", conference, form.status, form=form, venue=None, rooms=[])


@bp.route("/verwaltung/<host>/<conference>/ort/<int:venue>", methods=["GET", "POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def edit_house(conference: Conference, venue: int) -> ResponseReturnValue:
    house = _house(venue)
    room_ids = [room.id for room in house.rooms]

    def stored() -> tuple[dict[str, Any], str]:
        values = venues.values(house, venues.FIELDS, room_ids)
        return VenueForm.put(values), editing.seen(values)

    fields, shown = stored()
    form = venue_form(house.rooms)(data=fields)
    form.start(shown)
    if form.validate_on_submit() and saved(
        form,
        lambda: venues.edit(
            house,
            form.take(),
            room_names={room_id: form[f"room-{room_id}"].data for room_id in room_ids},
            new_rooms=form.rooms_wanted(),
            shown=form.shown.data or "",
        ),
        stored,
    ):
        flash(_("Ort und Räume sind gespeichert."), "success")
        return redirect(address("edit_venue", conference), 303)
    return page(
        "edit_house", conference, form.status, form=form, venue=venue, rooms=[f"room-{id}" for id in room_ids]
    )


@bp.route("/verwaltung/<host>/<conference>/ort/<int:venue>/loeschen", methods=["POST"])
@requires(Permission.EDIT_CONFERENCE, Conference)
def remove_venue(conference: Conference, venue: int) -> ResponseReturnValue:
    house = _house(venue)
    if not was_refused(Confirm()):
        try:
            venues.remove(house)
        except DomainError as error:
            flash(str(error), "error")
        else:
            flash(_("Der Ort ist gelöscht."), "success")
    return redirect(address("edit_venue", conference), 303)


def _house(venue_id: int) -> Venue:
    """The venue of this host; 404 for another one's."""
    found = db.session.get(Venue, venue_id)
    if found is None or found.host_id != g.host.id:
        abort(404)
    return found
