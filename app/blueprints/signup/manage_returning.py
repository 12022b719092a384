"""Staff put a household back whose offer has ended."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.signup import bp
from app.blueprints.signup.manage_forms import LetInForm
from app.blueprints.signup.manage_parts import page_of, staff_page
from app.domain import admission, returning
from app.domain.errors import DomainError
from app.models import Registration, RegistrationStatus
from app.policies import Permission
from app.web import access
from app.web.access import requires


@bp.route(
    "/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/wieder-aufnehmen", methods=["GET", "POST"]
)
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def put_back(registration: Registration) -> ResponseReturnValue:
    """Ask why, then give it free places, or the last place of the queue."""
    form = LetInForm()
    if form.validate_on_submit():
        try:
            returning.come_back(registration, reason=form.reason.data or "", by=access.me())
        except DomainError as error:
            form.reject(error)
        else:
            if registration.has_place:
                flash(_("Wieder dabei: Es war genug frei. Der Grund steht im Verlauf."))
            else:
                flash(_("Wieder auf der Warteliste, am Ende. Der Grund steht im Verlauf."))
            return redirect(page_of("registration", registration))
    free = admission.free_for(registration.conference, registration.role_group)
    return (
        staff_page(
            "put_back",
            registration.conference,
            registration=registration,
            has_lapsed=registration.status is RegistrationStatus.LAPSED,
            fits=free is None or len(registration.participants) <= free,
            form=form,
        ),
        form.status,
    )
