"""The desk: somebody calls, sends a card or stands at the door; staff register them, and a letter is printed."""

from __future__ import annotations

from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue

from app import policies
from app.blueprints.signup import bp
from app.blueprints.signup.desk_form import DeskForm, desk_form
from app.blueprints.signup.manage_forms import AddressForm, ConfirmForm
from app.blueprints.signup.manage_parts import page_of, staff_page
from app.database import now
from app.domain import admission, consents, questions, registrations, secrets
from app.domain.errors import DomainError
from app.domain.queries import places, queues
from app.exports import letter as letters
from app.letters import desk
from app.models import Conference, Registration, SignupState
from app.policies import Permission
from app.web import access
from app.web.access import requires
from app.web.fresh_codes import remember_code, remembered_code

# States in which staff can register nobody either.
NOBODY_REGISTERS = (SignupState.HIDDEN, SignupState.CANCELLED)


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/neu", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Conference)
def register_by_phone(conference: Conference) -> ResponseReturnValue:
    state = conference.signup_state(now())
    if state in NOBODY_REGISTERS:
        return staff_page(
            "register_closed", conference, state=state
        ), 409 if request.method == "POST" else 200
    form = _form(conference)
    if not policies.may(access.me(), Permission.OVERRIDE, conference):
        del form.override
    shows_people = "people" in request.form
    if shows_people:
        # Only more fields were asked for: nothing is checked yet.
        form.single.data = "1"
    elif form.validate_on_submit():
        try:
            registration, code = registrations.register(
                conference,
                form.details,
                list(form.people()),
                submission=form.submission.data or "",
                channel=form.chosen_channel,
                answers=form.answers,
                consents=form.agreed,
                consent_method=form.consent_method,
                wants_together=bool(form.wants_together and form.wants_together.data),
                override=(form.override.data or "") if form.override is not None else "",
                by=access.me(),
            )
        except DomainError as error:
            form.reject(error)
        else:
            remember_code(registration, code)
            return redirect(page_of("letter", registration))
    return (
        staff_page("register_by_phone", conference, form=form, state=state, shows_people=shows_people),
        form.status,
    )


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/code", methods=["GET", "POST"])
@requires(Permission.GIVE_ACCESS, Registration)
def new_code(registration: Registration) -> ResponseReturnValue:
    """Ask, then give a new code; the old one and all mailed links end."""
    form = ConfirmForm()
    if form.validate_on_submit():
        remember_code(registration, registrations.renew_code(registration, by=access.me()))
        return redirect(page_of("letter", registration))
    return staff_page("new_code", registration.conference, registration=registration, form=form), form.status


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/brief")
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def letter(registration: Registration) -> ResponseReturnValue:
    """The code, to be read out or printed. It is known right after it was made and never again."""
    _refuse_unless_made_here(registration)
    places.load(registration)
    contact = secrets.decrypt(registration.contact)
    return staff_page(
        "letter",
        registration.conference,
        registration=registration,
        code=remembered_code(registration),
        places=places.of_registration(registration),
        position=admission.queue_positions([registration]).get(registration.id),
        form=AddressForm(address="\n".join(desk.address_of(registration, contact))),
    )


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/brief.pdf", methods=["POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def letter_pdf(registration: Registration) -> ResponseReturnValue:
    """The letter to print. The address comes with the request and is kept nowhere."""
    _refuse_unless_made_here(registration)
    form = AddressForm()
    if not form.validate_on_submit():
        return redirect(page_of("letter", registration))
    places.load(registration)
    made = desk.write(
        registration, remembered_code(registration), (form.address.data or "").split("\n"), now()
    )
    answer = Response(letters.letters_pdf([made]), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="brief-{registration.id}.pdf"'
    return answer


def _refuse_unless_made_here(registration: Registration) -> None:
    """Whoever gives no access still prints the letter of somebody they have just registered themselves."""
    if not remembered_code(registration) and not policies.may(
        access.me(), Permission.GIVE_ACCESS, registration
    ):
        abort(403)


def _form(conference: Conference) -> DeskForm:
    return desk_form(
        request.form,
        rounds=queues.by_round(queues.meetings(conference)),
        choice=conference.group_choice,
        offers=places.offers_of(conference),
        texts=consents.asked(conference),
        asked=questions.asked(conference),
    )
