"""One registration as staff see it, and what they do for it: groups, offers, people, consents, cancelling."""

from __future__ import annotations

from functools import partial

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app import policies
from app.blueprints.signup import bp
from app.blueprints.signup.manage_forms import (
    ConfirmForm,
    CorrectForm,
    Deed,
    LetInForm,
    OfferForm,
    PersonForm,
)
from app.blueprints.signup.manage_groups_form import GroupsForm, groups_form, values_of
from app.blueprints.signup.manage_parts import page_of, say_who_moved_up, staff_page
from app.database import db
from app.domain import (
    admission,
    consents,
    editing,
    households,
    offers,
    registrations,
    secrets,
    seen_details,
    seen_groups,
)
from app.domain.errors import ChangedMeanwhile, DomainError
from app.domain.queries import one_registration as one
from app.domain.queries import places, queues, registration_messages
from app.domain.queries import support as needs
from app.models import (
    ConsentPurpose,
    GroupRound,
    Participant,
    Registration,
)
from app.policies import Permission
from app.web import access, filters, languages, questions
from app.web.access import requires
from app.web.labels import kind_words, label
from app.web.saving import saved


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def registration(registration: Registration) -> ResponseReturnValue:
    """One registration; posting changes groups."""
    places.load(registration)
    rounds = queues.by_round(queues.meetings(registration.conference))
    form = groups_form(registration.participants, rounds, places.held_by(registration))
    if not _may_override(registration):
        del form.override
    if form.validate_on_submit():
        try:
            seen_groups.change(
                registration,
                _wanted_groups(registration, form),
                shown=form.seen,
                override=form.reason,
                by=access.me(),
            )
        except ChangedMeanwhile as error:
            form.reject(error)
            places.load(registration)
            form.compare(values_of(registration.participants, rounds, places.held_by(registration)))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Die Gruppen sind gespeichert."))
            return redirect(page_of("registration", registration))
    elif request.method == "GET":
        form.start()
    return _show(registration, form, several_rounds=len(rounds) > 1)


def _may_override(registration: Registration) -> bool:
    return policies.may(access.me(), Permission.OVERRIDE, registration)


def _show(registration: Registration, form: GroupsForm, *, several_rounds: bool) -> ResponseReturnValue:
    given = one.consents(registration)
    sees_needs = policies.may(access.me(), Permission.SEE_NEEDS, registration)
    return (
        staff_page(
            "registration",
            registration.conference,
            registration=registration,
            reachable_at=secrets.decrypt(registration.contact),
            language_name=languages.get(registration.language).name,
            position=admission.queue_positions([registration]).get(registration.id),
            places=places.of_registration(registration),
            wishes=places.wishes_of(registration),
            offers=offers.of(registration),
            several_rounds=several_rounds,
            form=form,
            may_override=_may_override(registration),
            needs=needs.of_registration(registration) if sees_needs else None,
            answers=[
                (question, questions.in_words(question, value, "de"))
                for question, value in one.answers(registration)
            ],
            consents=given,
            asks_consent=bool(consents.open_for(registration, [consent for consent, _by in given])),
            history=one.history(registration),
            # The history names a consent by its purpose.
            purposes={purpose.value: label(purpose) for purpose in ConsentPurpose},
            messages=registration_messages.messages_of(registration),
            kind_words=partial(kind_words, sees_needs=sees_needs),
        ),
        form.status,
    )


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/angebot", methods=["POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def answer_offer_for(registration: Registration) -> ResponseReturnValue:
    """Staff have told the household of an offer, or answer it for them."""
    form = OfferForm()
    back = redirect(page_of("registration", registration))
    if not form.validate_on_submit():
        flash(_("Das hat nicht geklappt. Bitte drücken Sie den Knopf noch einmal."), "danger")
        return back
    deed, group_round_id, me = Deed(form.deed.data), form.group_round_id, access.me()
    try:
        if deed is Deed.CALLED:
            until = offers.note_call(registration, group_round_id, me)
            flash(_("Notiert. Die Frist läuft bis %(when)s.", when=filters.deadline(until)))
        elif deed is Deed.ACCEPT:
            offers.accept(registration, group_round_id, by=me)
            flash(_("Der Platz ist vergeben: Das Angebot ist angenommen."))
        else:
            offers.decline(registration, group_round_id, by=me)
            flash(_("Das Angebot ist abgelehnt. Der Platz geht an die Nächsten."))
    except DomainError as error:
        flash(str(error), "danger")
    return back


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/aufnehmen", methods=["GET", "POST"])
@requires(Permission.OVERRIDE, Registration)
def let_in(registration: Registration) -> ResponseReturnValue:
    """Give a household of the queue its places before its turn, with a reason."""
    form = LetInForm()
    if form.validate_on_submit():
        try:
            households.let_in(registration, reason=form.reason.data or "", by=access.me())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Der Platz ist vergeben. Der Grund steht im Verlauf."))
            return redirect(page_of("registration", registration))
    free = admission.free_for(registration.conference, registration.role_group)
    missing = max(0, len(registration.participants) - free) if free is not None else 0
    return (
        staff_page(
            "let_in",
            registration.conference,
            registration=registration,
            position=admission.queue_positions([registration]).get(registration.id),
            missing=missing,
            form=form,
        ),
        form.status,
    )


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/angaben", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def correct(registration: Registration) -> ResponseReturnValue:
    def stored() -> tuple[dict[str, str], str]:
        values = seen_details.values(registration)
        return values, editing.seen(values)

    form = CorrectForm(data=stored()[0])
    form.start(stored()[1])
    if not policies.may(access.me(), Permission.GIVE_ACCESS, registration):
        form.leave_contact(registration)
    if form.validate_on_submit() and saved(
        form,
        lambda: seen_details.correct(registration, form.details, shown=form.shown.data or "", by=access.me()),
        stored,
    ):
        flash(_("Die Angaben sind gespeichert."))
        return redirect(page_of("registration", registration))
    return staff_page("correct", registration.conference, registration=registration, form=form), form.status


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/absagen", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def cancel_for(registration: Registration) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit():
        moved_up = registrations.cancel(registration, by=access.me())
        flash(_("Die Anmeldung ist abgesagt. Die Plätze sind frei oder gehen an die Nächsten."))
        say_who_moved_up(moved_up)
        return redirect(page_of("registration", registration))
    places.load(registration)
    return (
        staff_page(
            "cancel_for",
            registration.conference,
            registration=registration,
            places=places.of_registration(registration),
            form=form,
        ),
        form.status,
    )


@bp.route(
    "/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/personen/neu", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def add_person_for(registration: Registration) -> ResponseReturnValue:
    form = PersonForm()
    if form.validate_on_submit():
        try:
            households.add_person(
                registration,
                registrations.Person(name=form.name.data or "", age=form.years),
                known=form.known_people,
                by=access.me(),
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Die Person ist eingetragen. Gruppen können Sie jetzt wählen."))
            return redirect(page_of("registration", registration))
    form.known.data = str(len(registration.participants))
    return (
        staff_page(
            "person",
            registration.conference,
            registration=registration,
            person=None,
            form=form,
            is_full=not admission.has_room(registration),
        ),
        form.status,
    )


@bp.route(
    "/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/personen/<int:person>",
    methods=["GET", "POST"],
)
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def change_person_for(registration: Registration, person: int) -> ResponseReturnValue:
    participant = _person(registration, person)
    form = PersonForm(name=participant.name, age="" if participant.age is None else str(participant.age))
    if form.validate_on_submit():
        try:
            households.change_person(participant, name=form.name.data or "", age=form.years, by=access.me())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Die Angaben sind gespeichert."))
            return redirect(page_of("registration", registration))
    return (
        staff_page(
            "person",
            registration.conference,
            registration=registration,
            person=participant,
            form=form,
            is_full=False,
        ),
        form.status,
    )


@bp.route(
    "/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/personen/<int:person>/weg",
    methods=["GET", "POST"],
)
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def remove_person_for(registration: Registration, person: int) -> ResponseReturnValue:
    """Ask, then let one person stay away; the last one cancels the registration."""
    participant = _person(registration, person)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            households.remove_person(participant, by=access.me())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Die Person ist abgemeldet. Die Plätze sind frei oder gehen an die Nächsten."))
            return redirect(page_of("registration", registration))
    return (
        staff_page(
            "remove_person", registration.conference, registration=registration, person=participant, form=form
        ),
        form.status,
    )


def _person(registration: Registration, participant_id: int) -> Participant:
    found = next((held for held in registration.participants if held.id == participant_id), None)
    if found is None:
        abort(404)
    return found


def _wanted_groups(registration: Registration, form: GroupsForm) -> dict[int, dict[int, GroupRound | None]]:
    chosen = form.chosen()
    ids = {round_id for choices in chosen.values() for round_id in choices.values() if round_id}
    known = {
        held.id: held
        for held in db.session.scalars(
            select(GroupRound).where(
                GroupRound.conference_id == registration.conference_id, GroupRound.id.in_(ids)
            )
        )
    }
    return {
        person_id: {number: known[round_id] if round_id else None for number, round_id in choices.items()}
        for person_id, choices in chosen.items()
    }
