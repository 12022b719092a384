"""Wishes of a household as staff change them for it, on the telephone for instance."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.signup import bp
from app.blueprints.signup.forms_change import WishesForm, wishes_form
from app.blueprints.signup.forms_groups import rounds_of
from app.blueprints.signup.manage_parts import page_of, staff_page
from app.domain.errors import DomainError
from app.domain.queries import conferences, places
from app.models import GroupChoice, Registration
from app.policies import Permission
from app.web import access
from app.web.access import requires


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/wuensche", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def change_wishes_for(registration: Registration) -> ResponseReturnValue:
    """The wishes of its people; posting changes them by the rules of the page residents have."""
    conference = registration.conference
    places.load(registration)
    form = _form(registration)
    if form.validate_on_submit():
        try:
            form.save(registration, by=access.me())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Die Wünsche sind gespeichert."))
            return redirect(page_of("registration", registration))
    if request.method == "GET":
        form.start(registration, None)
    form.show(registration)
    return (
        staff_page(
            "wishes",
            conference,
            registration=registration,
            by_wishes=conference.group_choice is GroupChoice.WISHES,
            are_allocated=places.are_allocated(conference),
            form=form,
        ),
        form.status,
    )


def _form(registration: Registration) -> WishesForm:
    """The form of residents; for staff a further person is not compared with "you"."""
    rounds = rounds_of(conferences.groups_of(registration.conference))
    form = wishes_form(registration.participants, rounds)
    for field in form.others:
        if field.rank == 1:
            field.empty = _("dieselben Wünsche wie Person 1")
    return form
