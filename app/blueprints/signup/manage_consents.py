"""Consents of one registration as staff note them: given later on paper or by word of mouth, and withdrawn."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.signup import bp
from app.blueprints.signup.forms_consents import desk_consents_form
from app.blueprints.signup.manage_forms import PurposeForm
from app.blueprints.signup.manage_parts import page_of, staff_page
from app.domain import consents
from app.domain.errors import DomainError
from app.models import ConsentPurpose, Registration
from app.policies import Permission
from app.web import access
from app.web.access import requires


@bp.route(
    "/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/einwilligung/neu", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def give_consent_for(registration: Registration) -> ResponseReturnValue:
    """Note what the person has agreed to after the registration."""
    texts = consents.open_for(registration)
    form = desk_consents_form(texts)
    if form.validate_on_submit():
        try:
            consents.agree(registration, form.agreed, method=form.chosen_method, by=access.me())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Die Einwilligung ist eingetragen."))
            return redirect(page_of("registration", registration))
    return (
        staff_page("give_consent_for", registration.conference, registration=registration, form=form),
        form.status,
    )


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/einwilligung", methods=["POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def withdraw_consent_for(registration: Registration) -> ResponseReturnValue:
    """End a consent for the person, at once."""
    form = PurposeForm()
    purpose = next((known for known in ConsentPurpose if known.value == form.purpose.data), None)
    if form.validate_on_submit() and purpose is not None:
        consents.withdraw(registration, purpose, by=access.me())
        flash(_("Die Einwilligung ist widerrufen. Das gilt ab sofort."))
    else:
        flash(_("Das hat nicht geklappt. Bitte drücken Sie den Knopf noch einmal."), "danger")
    return redirect(page_of("registration", registration))
