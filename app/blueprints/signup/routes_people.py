"""With the code: somebody of the household comes along, is called otherwise, stays away, or needs something."""

from __future__ import annotations

from dataclasses import replace

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.signup import bp
from app.blueprints.signup.forms import ConfirmForm
from app.blueprints.signup.forms_change import AddPersonForm, needs_form, person_form
from app.blueprints.signup.routes import address, can_cancel, can_change, names_wishes
from app.domain import admission, households
from app.domain.errors import ConferenceFull, ConferenceJustFull, DomainError
from app.domain.queries import places
from app.domain.registrations import Person
from app.models import Participant, Registration
from app.policies import Permission
from app.web.access import requires


@bp.route("/<host>/<conference>/meine-anmeldung/personen", methods=["GET", "POST"])
@requires(Permission.USE_REGISTRATION, Registration)
def people(registration: Registration) -> ResponseReturnValue:
    conference = registration.conference
    if not registration.is_live or (request.method == "GET" and not can_change(registration)):
        return redirect(url_for(".mine", **address(conference)))
    places.load(registration)
    form = AddPersonForm()
    if form.validate_on_submit():
        person = form.person
        if form.same.data:
            person = _like_the_first(person, registration)
        try:
            households.add_person(registration, person, known=form.known_people)
        except ConferenceFull as error:
            form.reject(error if form.was_full.data else ConferenceJustFull())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Gespeichert. Diese Person kommt mit."), "success")
            return redirect(url_for(".people", **address(conference)))
    form.known.data = str(len(registration.participants))
    is_full = not admission.has_room(registration)
    form.was_full.data = "1" if is_full else ""
    return (
        render_template("signup/people.html", form=form, registration=registration, is_full=is_full),
        form.status,
    )


@bp.route("/<host>/<conference>/meine-anmeldung/personen/<int:person>", methods=["GET", "POST"])
@requires(Permission.USE_REGISTRATION, Registration)
def change_person(registration: Registration, person: int) -> ResponseReturnValue:
    conference = registration.conference
    participant = _one_of(registration, person)
    if not registration.is_live or (request.method == "GET" and not can_change(registration)):
        return redirect(url_for(".mine", **address(conference)))
    form = person_form(participant)
    if form.validate_on_submit():
        try:
            households.change_person(participant, name=form.typed_name, age=form.typed_age)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Gespeichert."), "success")
            return redirect(url_for(".people", **address(conference)))
    return render_template(
        "signup/change_person.html", form=form, registration=registration, participant=participant
    ), form.status


@bp.post("/<host>/<conference>/meine-anmeldung/personen/<int:person>/abmelden")
@requires(Permission.USE_REGISTRATION, Registration)
def remove_person(registration: Registration, person: int) -> ResponseReturnValue:
    if not can_cancel(registration):
        return redirect(url_for(".mine", **address(registration.conference)))
    participant = next((held for held in registration.participants if held.id == person), None)
    if len(registration.participants) == 1 and participant is not None:
        # The last one cancels: on the page that says what this means.
        return redirect(url_for(".cancel", **address(registration.conference)))
    if participant is not None and ConfirmForm().validate_on_submit():
        try:
            households.remove_person(participant)
        except DomainError as error:
            flash(str(error), "warning")
        else:
            flash(_("Gespeichert. Diese Person ist abgemeldet."), "success")
    return redirect(url_for(".people", **address(registration.conference)))


@bp.route("/<host>/<conference>/meine-anmeldung/unterstuetzung", methods=["GET", "POST"])
@requires(Permission.USE_REGISTRATION, Registration)
def needs(registration: Registration) -> ResponseReturnValue:
    conference = registration.conference
    offers = places.offers_of(conference)
    if not registration.is_live or not offers or (request.method == "GET" and not can_change(registration)):
        return redirect(url_for(".mine", **address(conference)))
    stored = places.needs_of(registration.participants)
    form = needs_form(registration.participants, offers, stored)
    if form.validate_on_submit():
        try:
            households.change_needs(registration, {person: field.data for person, field in form.by_person})
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Gespeichert."), "success")
            return redirect(url_for(".mine", **address(conference)))
    return render_template("signup/needs.html", form=form, registration=registration), form.status


def _one_of(registration: Registration, person_id: int) -> Participant:
    found = next((held for held in registration.participants if held.id == person_id), None)
    if found is None:
        abort(404)
    return found


def _like_the_first(person: Person, registration: Registration) -> Person:
    """The same person, with the groups or wishes of the first one of the household."""
    first = registration.participants[0]
    wishes: dict[int, list[int]] = {}
    for wish in places.wishes_of(registration).get(first.id, ()):
        wishes.setdefault(wish.round_number, []).append(wish.group_round_id)
    if names_wishes(registration.conference):
        return replace(person, wishes=wishes)
    groups = {number: ids[0] for number, ids in wishes.items()}
    for number, held in places.held_by(registration)[first.id].items():
        wanted = held.queued or held.seated
        if wanted is not None:
            groups[number] = wanted.id
    return replace(person, groups=groups)
