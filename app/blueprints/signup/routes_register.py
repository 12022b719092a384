"""A household registers in one form, without account and without e-mail, and is told truly what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

import segno
from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.blueprints.signup import bp, kept_form
from app.blueprints.signup.forms import ConfirmForm
from app.blueprints.signup.forms_groups import rounds_of
from app.blueprints.signup.forms_household import HouseholdForm, Who, add, household_form, read_people
from app.blueprints.signup.routes import address, can_change, held_here, queue_place, takes_forms
from app.database import now
from app.domain import codes, consents, offers, questions, registrations
from app.domain.errors import ConferenceFull, ConferenceJustFull, DomainError, HouseholdTooLarge
from app.domain.queries import conferences, places
from app.models import (
    Conference,
    GroupChoice,
    Registration,
    RoleGroup,
    WorkingGroup,
)
from app.policies import Permission
from app.web import access, languages
from app.web.access import requires

# How long the page with the code can be opened again, to print it or after a look elsewhere.
CODE_SHOWN_FOR_SECONDS = 30 * 60


@bp.route("/<host>/<conference>/anmeldung", methods=["GET", "POST"])
@kept_form.kept
@requires(Permission.REGISTER, Conference)
def register(conference: Conference) -> ResponseReturnValue:
    began = now()
    state = conference.signup_state(began)
    if request.method == "GET":
        held = held_here(conference)
        if held is not None and "weitere" not in request.args:
            return render_template(
                "signup/already.html",
                registration=held,
                can_change=can_change(held),
                takes_forms=takes_forms(conference, state),
            )
        if not takes_forms(conference, state):
            return render_template("signup/closed.html", state=state)
    people, new = people_asked_for()
    groups = conferences.groups_of(conference)
    form = _form(conference, groups, people)
    form.people.data = " ".join(map(str, people))
    if "add" in request.form or "remove" in request.form:
        if "add" in request.form and new is None:
            form.reject(HouseholdTooLarge())
    elif form.validate_on_submit():
        # What was read before the write would be read again after it.
        done_page = url_for(".done", **address(conference))
        try:
            registration, code = _register(conference, form)
        except DomainError as error:
            # What was refused was rolled back, and what is shown now is read again.
            groups = conferences.groups_of(conference)
            # The page was shown while there was room, or a queue.
            form.reject(ConferenceJustFull() if isinstance(error, ConferenceFull) else error)
        else:
            remember(registration, code)
            if registration.created_at < began:
                flash(
                    _(
                        "Diese Anmeldung hatten wir schon. Es ist nichts doppelt, und es hat sich nichts geändert."
                    ),
                    "info",
                )
            return redirect(done_page)
    elif request.method == "GET":
        form.choose_group(request.args.get("gruppe"))
        kept_form.keep(form)
    form.offer()
    state = conference.signup_state(now())
    return render_template(
        "signup/register.html",
        form=form,
        state=state,
        groups=groups,
        new=new.key if new is not None else "",
        takes_forms=takes_forms(conference, state),
        by_wishes=conference.group_choice is GroupChoice.WISHES,
    ), form.status


@bp.get("/<host>/<conference>/anmeldung/fertig")
@requires(Permission.USE_REGISTRATION, Registration)
def done(registration: Registration) -> ResponseReturnValue:
    conference = registration.conference
    if not registration.is_live:
        return redirect(url_for(".mine", **address(conference)))
    places.load(registration)
    held = places.of_registration(registration)
    waits_in = {place.group_round.number for place in held if place.waits}
    return render_template(
        "signup/done.html",
        registration=registration,
        places=held,
        offers=offers.of(registration),
        position=queue_place(registration),
        # Whoever sits or waits in a group does not look for their wishes.
        wishes={} if held else places.wishes_of(registration),
        free=_groups_with_seats(conferences.groups_of(conference), waits_in) if waits_in else [],
        code=_fresh_code(registration),
        mail=_mail_state(registration),
        qr=_qr(url_for(".enter_code", host=conference.host.key)),
        can_change=can_change(registration),
        form=ConfirmForm(),
    )


def people_asked_for() -> tuple[list[Who], Who | None]:
    """The further people the page shows, after the button to add or remove one; and the one just added."""
    people = read_people(request.form.get("people", ""))
    if "add" in request.form:
        if 1 + len(people) >= registrations.LARGEST_HOUSEHOLD:
            return people, None
        people = add(people, request.form["add"])
        return people, people[-1]
    gone = request.form.get("remove")
    return [who for who in people if who.key != gone], None


def _form(conference: Conference, groups: list[WorkingGroup], people: list[Who]) -> HouseholdForm:
    form: HouseholdForm = household_form(
        people=people,
        choice=conference.group_choice,
        rounds=rounds_of(groups),
        offers=places.offers_of(conference),
        texts=consents.asked(conference),
        asked=questions.asked(conference),
    )()
    return form


def _register(conference: Conference, form: HouseholdForm) -> tuple[Registration, str]:
    return registrations.register(
        conference,
        registrations.Details(
            role_group=RoleGroup(form.role_group.data),
            display_name=form.display_name.data or "",
            organisation=form.organisation.data or "",
            language=languages.current().code,
            contact_channel=form.channel,
            contact=form.contact,
        ),
        form.everybody(),
        submission=form.submission.data or "",
        notice_digest=notice_digest(conference),
        answers=form.answers,
        consents=form.agreed,
        wants_together=form.together,
    )


def remember(registration: Registration, code: str) -> None:
    """Let this browser show the registration; without a code the form was an old one and opens nothing any more."""
    if not code:
        return
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


def notice_digest(conference: Conference) -> str:
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
