"""With the code: choose other groups or wishes, answer an offer, see and withdraw consents."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.signup import bp
from app.blueprints.signup.forms import ConfirmForm
from app.blueprints.signup.forms_change import GroupsForm, WishesForm, groups_form, wishes_form
from app.blueprints.signup.forms_consents import consents_form
from app.blueprints.signup.forms_groups import rounds_of
from app.blueprints.signup.routes import address, can_change, names_wishes
from app.domain import consents, offers, returning
from app.domain.errors import DomainError
from app.domain.queries import conferences, places
from app.models import ConsentMethod, ConsentPurpose, Registration, SeatState
from app.policies import Permission
from app.web import languages
from app.web.access import requires


@bp.route("/<host>/<conference>/meine-anmeldung/gruppen", methods=["GET", "POST"])
@requires(Permission.USE_REGISTRATION, Registration)
def change_groups(registration: Registration) -> ResponseReturnValue:
    conference = registration.conference
    by_wishes = names_wishes(conference)
    if not registration.is_live or (request.method == "GET" and not can_change(registration)):
        return redirect(url_for(".mine", **address(conference)))
    if not by_wishes and not registration.has_place:
        flash(_("Gruppen können Sie wechseln, sobald Sie einen Platz bei der Konferenz haben."), "info")
        return redirect(url_for(".mine", **address(conference)))
    places.load(registration)
    people = registration.participants
    rounds = rounds_of(conferences.groups_of(conference))
    form: GroupsForm | WishesForm = (wishes_form if by_wishes else groups_form)(people, rounds)
    if form.validate_on_submit():
        try:
            form.save(registration)
        except DomainError as error:
            conferences.groups_of(conference)
            form.reject(error)
        else:
            flash(*_saved(registration, by_wishes))
            return redirect(url_for(".mine", **address(conference)))
    if request.method == "GET":
        form.start(registration, request.args.get("gruppe"))
    form.show(registration)
    return render_template("signup/change_groups.html", form=form, by_wishes=by_wishes), form.status


@bp.post("/<host>/<conference>/meine-anmeldung/angebot")
@requires(Permission.USE_REGISTRATION, Registration)
def answer_offer(registration: Registration) -> ResponseReturnValue:
    conference = registration.conference
    typed = request.form.get("gruppe", "")
    answer = request.form.get("antwort")
    back = redirect(url_for(".mine", **address(conference)))
    readable = not typed or (typed.isascii() and typed.isdecimal() and len(typed) < 18)
    if not ConfirmForm().validate_on_submit() or answer not in ("ja", "nein") or not readable:
        flash(_("Das hat nicht geklappt. Bitte drücken Sie den Knopf noch einmal."), "warning")
        return back
    number = int(typed) if typed else None
    try:
        if answer == "ja":
            offers.accept(registration, number)
            flash(_("Angenommen. Der Platz gehört jetzt Ihnen."), "success")
        else:
            offers.decline(registration, number)
            flash(_("Danke für die Antwort. Der Platz geht an die Nächsten auf der Warteliste."), "success")
    except DomainError as error:
        flash(str(error), "warning")
    return back


@bp.post("/<host>/<conference>/meine-anmeldung/doch-kommen")
@requires(Permission.USE_REGISTRATION, Registration)
def come_back(registration: Registration) -> ResponseReturnValue:
    """A household whose offer has ended wants to come after all."""
    back = redirect(url_for(".mine", **address(registration.conference)))
    if not ConfirmForm().validate_on_submit():
        flash(_("Das hat nicht geklappt. Bitte drücken Sie den Knopf noch einmal."), "warning")
        return back
    try:
        returning.come_back(registration)
    except DomainError as error:
        flash(str(error), "warning")
    else:
        if registration.has_place:
            flash(_("Schön, dass Sie doch kommen. Es war noch frei: Sie haben einen Platz."), "success")
        else:
            flash(_("Sie stehen wieder auf der Warteliste, jetzt am Ende."), "success")
    return back


@bp.route("/<host>/<conference>/meine-anmeldung/einwilligungen", methods=["GET", "POST"])
@requires(Permission.USE_REGISTRATION, Registration)
def change_consents(registration: Registration) -> ResponseReturnValue:
    """Withdraw one of them, or give those that do not hold: for the first time, or again."""
    conference = registration.conference
    here = redirect(url_for(".change_consents", **address(conference)))
    if "zweck" in request.form:
        purpose = _purpose(request.form["zweck"])
        if ConfirmForm().validate_on_submit() and purpose is not None:
            consents.withdraw(registration, purpose)
            flash(_("Widerrufen. Das gilt ab jetzt."), "success")
        return here
    form = consents_form(consents.open_for(registration))
    if form.validate_on_submit():
        try:
            consents.agree(
                registration, form.agreed, method=ConsentMethod.WEB, language=languages.current().code
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Gespeichert. Widerrufen können Sie jederzeit."), "success")
            return here
    standing = {held.consent_text.purpose: held for held in consents.standing(registration)}
    return render_template(
        "signup/change_consents.html",
        form=form,
        registration=registration,
        standing=list(standing.values()),
    ), form.status


def _purpose(value: str) -> ConsentPurpose | None:
    return ConsentPurpose(value) if value in [purpose.value for purpose in ConsentPurpose] else None


def _saved(registration: Registration, by_wishes: bool) -> tuple[str, str]:
    """What to say after saving: somebody who waits must not believe to sit."""
    if by_wishes:
        return _("Gespeichert. Das sind jetzt Ihre Wünsche."), "success"
    waits = any(
        seat.state is SeatState.WAITING for person in registration.participants for seat in person.live_seats
    )
    if waits:
        return _("Gespeichert. Wo eine Gruppe voll ist, stehen Sie auf der Warteliste."), "info"
    return _("Gespeichert. Das sind jetzt Ihre Gruppen."), "success"
