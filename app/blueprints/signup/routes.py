"""A resident registers, and with the code sees, changes or cancels the registration. No account, no e-mail needed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import segno
from flask import Response, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.blueprints.signup import bp
from app.blueprints.signup.forms import (
    ChangeForm,
    CodeForm,
    ConfirmForm,
    RegistrationForm,
    with_rounds,
)
from app.database import db, now
from app.domain import codes, registrations
from app.domain.errors import DomainError, GroupFull, NotFound, UnknownCode
from app.domain.queries import conferences, places
from app.exports import calendar as calendars
from app.models import Conference, Host, Registration, RoleGroup, SignupState, WorkingGroup
from app.policies import Permission
from app.web import access, languages
from app.web.access import requires
from app.web.throttle import please_wait, throttle

# How long the page with the code can be opened again, to print it or after a look elsewhere.
CODE_SHOWN_FOR_SECONDS = 30 * 60
# Groups can still be changed while others can still register, or wait for it.
CHANGEABLE = (SignupState.OPEN, SignupState.FULL)


@bp.route("/<host>/<conference>/anmeldung", methods=["GET", "POST"])
@requires(Permission.REGISTER, Conference)
def register(conference: Conference) -> ResponseReturnValue:
    began = now()
    state = conference.signup_state(began)
    if request.method == "GET":
        held = _held_here(conference)
        if held is not None and "weitere" not in request.args:
            return render_template("signup/already.html", registration=held, state=state)
        if state is not SignupState.OPEN:
            return render_template("signup/closed.html", state=state)
    groups = conferences.groups_of(conference)
    form = with_rounds(RegistrationForm, groups)()
    if form.validate_on_submit():
        try:
            registration, code = registrations.register(
                conference,
                registrations.Details(
                    role_group=RoleGroup(form.role_group.data),
                    display_name=form.display_name.data or "",
                    organisation=form.organisation.data or "",
                    language=languages.current().code,
                    contact_channel=form.channel,
                    contact=form.contact,
                ),
                [wish.group_round for wish in form.wishes if wish.group_round is not None],
                submission=form.submission.data or "",
                notice_digest=_notice_digest(conference),
            )
        except DomainError as error:
            # What was refused was rolled back, and what is shown now is read again.
            groups = conferences.groups_of(conference)
            form.reject(error)
        else:
            _remember(registration, code)
            if registration.created_at < began:
                flash(
                    _(
                        "Diese Anmeldung hatten wir schon. Es ist nichts doppelt, und es hat sich nichts geändert."
                    ),
                    "info",
                )
            return redirect(url_for(".done", **_address(conference)))
    elif request.method == "GET":
        _choose_group(form, request.args.get("gruppe"))
    for field in form.rounds:
        field.offer()
    state = conference.signup_state(now())
    return render_template("signup/register.html", form=form, state=state, groups=groups), form.status


@bp.get("/<host>/<conference>/anmeldung/fertig")
@requires(Permission.USE_REGISTRATION, Registration)
def done(registration: Registration) -> ResponseReturnValue:
    conference = registration.conference
    if not registration.is_live:
        return redirect(url_for(".mine", **_address(conference)))
    held = places.of_registration(registration)
    waits_in = {place.group_round.number for place in held if place.position is not None}
    return render_template(
        "signup/done.html",
        registration=registration,
        places=held,
        free=_groups_with_seats(conferences.groups_of(conference), waits_in) if waits_in else [],
        code=_fresh_code(registration),
        mail=_mail_state(registration),
        qr=_qr(url_for(".enter_code", host=conference.host.key)),
        form=ConfirmForm(),
    )


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
    return redirect(url_for(".mine", **_address(conference)))


@bp.get("/<host>/<conference>/meine-anmeldung")
@requires(Permission.USE_REGISTRATION, Registration)
def mine(registration: Registration) -> ResponseReturnValue:
    state = registration.conference.signup_state(now())
    return render_template(
        "signup/mine.html",
        registration=registration,
        places=places.of_registration(registration),
        state=state,
        can_change=registration.is_live and state in CHANGEABLE,
        can_cancel=_can_cancel(registration),
        form=ConfirmForm(),
    )


@bp.get("/<host>/<conference>/meine-anmeldung/kalender.ics")
@requires(Permission.USE_REGISTRATION, Registration)
def calendar(registration: Registration) -> ResponseReturnValue:
    file = calendars.personal_calendar(registration, languages.current().code, current_app.config["BASE_URL"])
    response = Response(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@bp.route("/<host>/<conference>/meine-anmeldung/gruppen", methods=["GET", "POST"])
@requires(Permission.USE_REGISTRATION, Registration)
def change_groups(registration: Registration) -> ResponseReturnValue:
    conference = registration.conference
    if not registration.is_live or (
        request.method == "GET" and conference.signup_state(now()) not in CHANGEABLE
    ):
        return redirect(url_for(".mine", **_address(conference)))
    groups = conferences.groups_of(conference)
    form = with_rounds(ChangeForm, groups)()
    if form.validate_on_submit():
        wishes = form.wishes
        try:
            registrations.change_groups(
                registration,
                {wish.number: wish.group_round for wish in wishes},
                accept_queue={wish.number for wish in wishes if wish.queue},
            )
        except DomainError as error:
            groups = conferences.groups_of(conference)
            if isinstance(error, GroupFull):
                full = [
                    wish
                    for wish in wishes
                    if wish.group_round and wish.group_round.is_full and not wish.queue
                ]
                error.field = f"round_{full[0].number}" if full else None
            form.reject(error)
        else:
            flash(_("Gespeichert. Das sind jetzt Ihre Gruppen."), "success")
            return redirect(url_for(".mine", **_address(conference)))
    held = {place.group_round.number: place for place in places.of_registration(registration)}
    if request.method == "GET":
        for field in form.rounds:
            field.data = None
        _choose_group(form, request.args.get("gruppe"))
    for field in form.rounds:
        field.offer_change(held.get(field.number))
    return render_template("signup/change_groups.html", form=form, groups=groups), form.status


@bp.route("/<host>/<conference>/meine-anmeldung/absagen", methods=["GET", "POST"])
@requires(Permission.USE_REGISTRATION, Registration)
def cancel(registration: Registration) -> ResponseReturnValue:
    conference = registration.conference
    back = redirect(url_for(".mine", **_address(conference)))
    if not registration.is_live:
        return back
    if not _can_cancel(registration):
        flash(_("Die Konferenz ist vorbei. Sie müssen nicht mehr absagen."), "info")
        return back
    form = ConfirmForm()
    if form.validate_on_submit():
        registrations.cancel(registration)
        flash(_("Ihre Anmeldung ist abgesagt. Danke, dass Sie Bescheid gesagt haben."), "success")
        return back
    return render_template(
        "signup/cancel.html", form=form, places=places.of_registration(registration)
    ), form.status


@bp.post("/<host>/meine-anmeldung/vergessen")
@requires(Permission.VISIT, Host)
def forget(host: Host) -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        access.let_go()
        flash(_("Auf diesem Gerät ist Ihre Anmeldung jetzt nicht mehr zu sehen. Sie gilt weiter."), "success")
    return redirect(url_for(".enter_code", host=host.key))


def _address(conference: Conference) -> dict[str, Any]:
    return {"host": conference.host.key, "conference": conference.key}


def _conference_of(registration: Registration) -> Conference:
    return registration.conference


def _held(host: Host) -> Registration | None:
    """The registration at this host whose code was shown in this browser."""
    number = access.held_registration_id()
    registration = db.session.get(Registration, number) if number else None
    return registration if registration is not None and registration.host_id == host.id else None


def _held_here(conference: Conference) -> Registration | None:
    """The same, when it is a live one at this conference."""
    registration = _held(conference.host)
    if registration is None or registration.conference_id != conference.id or not registration.is_live:
        return None
    return registration


def _can_cancel(registration: Registration) -> bool:
    return registration.is_live and now() < registration.conference.ends_at


def _remember(registration: Registration, code: str) -> None:
    access.hold(registration)
    until = int(now().timestamp()) + CODE_SHOWN_FOR_SECONDS
    session["fresh_code"] = [registration.id, code, until]


def _fresh_code(registration: Registration) -> str:
    """The code, while it was given in this browser a moment ago; it is stored nowhere else in clear."""
    number, code, until = session.get("fresh_code") or (None, "", 0)
    is_present = number == registration.id and codes.digest(str(code)) == registration.code_digest
    if not is_present or now().timestamp() > until:
        session.pop("fresh_code", None)
        return ""
    return str(code)


def _choose_group(form: RegistrationForm | ChangeForm, number: str | None) -> None:
    """Choose the group a link has named, in the first round it has a seat in, else in its first round."""
    meets = [field for field in form.rounds if number in field.rounds]
    if number and meets:
        free = [field for field in meets if not field.rounds[number].is_full]
        (free or meets)[0].data = number


def _groups_with_seats(groups: Iterable[WorkingGroup], rounds: set[int]) -> list[WorkingGroup]:
    return [
        group for group in groups if any(held.number in rounds and not held.is_full for held in group.rounds)
    ]


def _mail_state(registration: Registration) -> places.MailState:
    """What can truly be said about the mail, also before anybody has tried to send it."""
    state = places.mail_state(registration)
    if state is places.MailState.ON_ITS_WAY and not current_app.config["MAIL_URL"]:
        return places.MailState.STANDS_STILL
    return state


def _notice_digest(conference: Conference) -> str:
    """SHA-256 of the privacy notice as it is shown now, short and long form."""
    host = conference.host
    return _digest_of_notice(host.key, host.version, languages.current().code)


@lru_cache(maxsize=500)
def _digest_of_notice(_host: str, _host_version: int, _language: str) -> str:
    # The notice is filled from the host's settings, and its version rises with them.
    text = render_template("public/notice_short.html") + render_template("public/notice_text.html")
    return hashlib.sha256(text.encode()).hexdigest()


def _qr(path: str) -> Markup:
    """A picture that leads to the page where the code is typed.

    The code is not in it: cameras keep what they have read, and whoever sees the sheet from afar must not get in.
    """
    title = _("QR-Code: führt zu der Seite, auf der Sie Ihren Code eingeben")
    return _drawn(current_app.config["BASE_URL"] + path, title)


@lru_cache(maxsize=500)
def _drawn(address: str, title: str) -> Markup:
    # Half of the time of its page, and the same for everybody who registers with a host.
    code = segno.make(address, error="m", micro=False)
    svg = code.svg_inline(title=title, border=2, omitsize=True, lineclass=None, svgclass=None)
    return Markup(svg.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 - segno escapes the title
