"""With the code or a link a household sees its registration or cancels it. No account, no e-mail needed."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.signup import bp
from app.blueprints.signup.forms import CodeForm, ConfirmForm
from app.database import db, now
from app.domain import admission, consents, offers, questions, registrations, secrets
from app.domain.errors import NotFound, UnknownCode
from app.domain.queries import allocation, one_registration, places
from app.exports import calendar as calendars
from app.models import Conference, GroupChoice, Host, Passage, Registration, SignupState
from app.policies import Permission
from app.web import access, languages
from app.web import questions as fields
from app.web.access import requires
from app.web.throttle import please_wait, throttle


@bp.route("/<host>/meine-anmeldung", methods=["GET", "POST"])
@requires(Permission.VISIT, Host)
def enter_code(host: Host) -> ResponseReturnValue:
    form = CodeForm()
    if form.is_submitted() and (seconds := throttle.wait_seconds("code")):
        form.code.errors = [please_wait(seconds)]
        page = render_template("signup/enter_code.html", form=form, held=None)
        return page, 429, {"Retry-After": str(seconds)}
    if form.validate_on_submit():
        try:
            registration = registrations.by_code(host.id, form.code.data or "")
        except UnknownCode as error:
            throttle.failed("code")
            form.reject(error)
        else:
            access.hold(registration)
            return redirect(url_for(".mine", host=host.key, conference=_conference_of(registration).key))
    held = _held(host) if request.method == "GET" else None
    return render_template("signup/enter_code.html", form=form, held=held), form.status


@bp.get("/<host>/<conference>/meine-anmeldung/link/<token>")
@requires(Permission.VISIT, Conference)
def open_link(conference: Conference, token: str) -> ResponseReturnValue:
    try:
        registration = registrations.by_link(conference, token)
    except NotFound:
        if not conference.is_public:
            abort(404)
        return render_template("signup/link_void.html"), 404
    access.hold(registration)
    return redirect(url_for(".mine", **address(conference)))


@bp.get("/<host>/<conference>/meine-anmeldung")
@requires(Permission.USE_REGISTRATION, Registration)
def mine(registration: Registration) -> ResponseReturnValue:
    conference = registration.conference
    places.load(registration)
    by_wishes = names_wishes(conference)
    return render_template(
        "signup/mine.html",
        registration=registration,
        places=places.of_registration(registration),
        offers=offers.of(registration),
        position=queue_place(registration),
        wishes=places.wishes_of(registration),
        needs=places.needs_of(registration.participants),
        takes_forms=takes_forms(conference, conference.signup_state(now())),
        can_choose=registration.has_place or by_wishes,
        by_wishes=by_wishes,
        reasons=(allocation.explained(registration) if conference.group_choice is GroupChoice.WISHES else []),
        has_support=bool(places.offers_of(conference)),
        has_consents=bool(
            (registration.is_live and consents.asked(conference)) or consents.standing(registration)
        ),
        reachable_at=secrets.decrypt(registration.contact),
        answers=_answers(registration),
        can_answer=can_change(registration) and bool(questions.asked(conference)),
        state=conference.signup_state(now()),
        can_change=can_change(registration),
        can_cancel=can_cancel(registration),
        form=ConfirmForm(),
    )


@bp.get("/<host>/<conference>/meine-anmeldung/kalender.ics")
@requires(Permission.USE_REGISTRATION, Registration)
def calendar(registration: Registration) -> ResponseReturnValue:
    file = calendars.personal_calendar(registration, languages.current().code, current_app.config["BASE_URL"])
    response = Response(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.set_etag(file.mark, weak=True)
    return response.make_conditional(request)


@bp.route("/<host>/<conference>/meine-anmeldung/absagen", methods=["GET", "POST"])
@requires(Permission.USE_REGISTRATION, Registration)
def cancel(registration: Registration) -> ResponseReturnValue:
    conference = registration.conference
    back = redirect(url_for(".mine", **address(conference)))
    if not registration.is_live:
        return back
    if not can_cancel(registration):
        flash(_("Die Konferenz ist vorbei. Sie müssen nicht mehr absagen."), "info")
        return back
    form = ConfirmForm()
    if form.validate_on_submit():
        registrations.cancel(registration)
        flash(_("Ihre Anmeldung ist abgesagt. Danke, dass Sie Bescheid gesagt haben."), "success")
        return back
    places.load(registration)
    return render_template(
        "signup/cancel.html",
        form=form,
        registration=registration,
        places=places.of_registration(registration),
    ), form.status


@bp.post("/<host>/meine-anmeldung/vergessen")
@requires(Permission.VISIT, Host)
def forget(host: Host) -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        access.let_go()
        flash(_("Auf diesem Gerät ist Ihre Anmeldung jetzt nicht mehr zu sehen. Sie gilt weiter."), "success")
    return redirect(url_for(".enter_code", host=host.key))


def address(conference: Conference) -> dict[str, Any]:
    """What stands in the addresses of its pages."""
    return {"host": conference.host.key, "conference": conference.key}


def held_here(conference: Conference) -> Registration | None:
    """The live registration at this conference whose code was shown in this browser."""
    registration = _held(conference.host)
    if registration is None or registration.conference_id != conference.id or not registration.is_live:
        return None
    return registration


def takes_forms(conference: Conference, state: SignupState) -> bool:
    """Whether a form can be sent: where there is a queue also while the conference is full."""
    return state is SignupState.OPEN or (state is SignupState.FULL and conference.has_queue)


def names_wishes(conference: Conference) -> bool:
    """Whether people name wishes now: where groups are given by wishes, until that was done."""
    return conference.group_choice is GroupChoice.WISHES and not places.are_allocated(conference)


def can_change(registration: Registration) -> bool:
    """Whether people and groups can still be changed here."""
    return questions.can_change(registration)


def _answers(registration: Registration) -> list[tuple[Passage, list[Passage]]]:
    """What the household has answered, as it reads it."""
    spoken = languages.current().code
    return [
        (question.label.passage(spoken), fields.in_words(question, value, spoken))
        for question, value in one_registration.answers(registration)
    ]


def queue_place(registration: Registration) -> int | None:
    """Place of the household in the queue of the conference, from 1; None where it does not wait there."""
    return admission.queue_positions([registration]).get(registration.id)


def _conference_of(registration: Registration) -> Conference:
    return registration.conference


def _held(host: Host) -> Registration | None:
    """The registration at this host whose code was shown in this browser."""
    number = access.held_registration_id()
    registration = db.session.get(Registration, number) if number else None
    return registration if registration is not None and registration.host_id == host.id else None


def can_cancel(registration: Registration) -> bool:
    """Whether somebody can still say that they do not come."""
    return registration.is_live and now() < registration.conference.ends_at
