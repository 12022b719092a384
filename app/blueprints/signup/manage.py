"""Registrations as staff work with them: list, queues, one registration, by telephone, mails."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app.blueprints.signup import bp
from app.blueprints.signup.manage_forms import (
    ChangeGroupsForm,
    ConfirmForm,
    CorrectForm,
    FilterForm,
    RegisterForm,
    with_groups,
)
from app.database import db, now
from app.domain import codes, secrets
from app.domain import outbox as outbox_domain
from app.domain import registrations as registrations_domain
from app.domain.errors import DomainError
from app.domain.queries import registrations as read
from app.models import (
    Conference,
    ContactChannel,
    GroupRound,
    Message,
    MessageState,
    Registration,
    Seat,
    SeatState,
    SignupState,
)
from app.policies import Permission
from app.web import access, languages, navigation
from app.web.access import requires
from app.web.forms import SelectChoice

# How long a browser can print a code again.
LETTER_SECONDS = 3600
# States in which staff can register nobody either.
NOBODY_REGISTERS = (SignupState.HIDDEN, SignupState.CANCELLED)


@bp.route("/verwaltung/<host>/<conference>/anmeldungen")
@requires(Permission.MANAGE_REGISTRATIONS, Conference)
def registrations(conference: Conference) -> ResponseReturnValue:
    form = FilterForm(request.args)
    overview = read.overview(conference, _wanted(form))
    form.gruppe.choices = [
        SelectChoice("", _("alle Gruppen")),
        *(
            SelectChoice(str(meeting.id), _meeting_words(meeting, overview.meetings))
            for meeting in overview.meetings
        ),
    ]
    return _page("registrations", conference, form=form, overview=overview, filters=_filters_set(form))


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/neu", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Conference)
def register_by_phone(conference: Conference) -> ResponseReturnValue:
    state = conference.signup_state(now())
    if state in NOBODY_REGISTERS:
        return _page("register_closed", conference, state=state), 409 if request.method == "POST" else 200
    rounds = read.by_round(read.meetings(conference))
    form = with_groups(RegisterForm, rounds)
    if form.validate_on_submit():
        try:
            registration, code = registrations_domain.register(
                conference,
                form.details,
                _group_rounds(conference, form.chosen()),
                submission=form.submission.data,
                channel=form.chosen_channel,
                by=access.me(),
            )
        except DomainError as error:
            form.reject(error)
        else:
            _remember_code(registration, code)
            return redirect(_url("letter", registration))
    return _page("register_by_phone", conference, form=form, state=state), form.status


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def registration(registration: Registration) -> ResponseReturnValue:
    """One registration; posting changes its groups."""
    meetings = read.meetings(registration.conference)
    places = read.places_of(registration, meetings)
    held = {place.meeting.round_number: place.meeting.id for place in places}
    form = with_groups(ChangeGroupsForm, read.by_round(meetings), held)
    if form.validate_on_submit():
        try:
            registrations_domain.change_groups(
                registration,
                _wanted_groups(registration.conference, form.chosen()),
                accept_queue=form.accept_queue.data,
                by=access.me(),
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Die Gruppen sind gespeichert."))
            return redirect(_url("registration", registration))
    return (
        _page(
            "registration",
            registration.conference,
            registration=registration,
            reachable_at=secrets.decrypt(registration.contact),
            language_name=languages.get(registration.language).name,
            places=places,
            form=form,
            messages=read.messages_of(registration),
        ),
        form.status,
    )


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/angaben", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def correct(registration: Registration) -> ResponseReturnValue:
    form = CorrectForm(
        display_name=registration.display_name,
        role_group=registration.role_group.value,
        organisation=registration.organisation,
        contact_channel=registration.contact_channel.value,
        contact=secrets.decrypt(registration.contact),
        language=registration.language,
    )
    if form.validate_on_submit():
        try:
            registrations_domain.correct(registration, form.details)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Die Angaben sind gespeichert."))
            return redirect(_url("registration", registration))
    return _page("correct", registration.conference, registration=registration, form=form), form.status


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/absagen", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def cancel_for(registration: Registration) -> ResponseReturnValue:
    form = ConfirmForm()
    if form.validate_on_submit():
        moved_up = registrations_domain.cancel(registration)
        flash(_("Die Anmeldung ist abgesagt. Die Plätze sind frei oder gehen an die Nächsten."))
        for seat in moved_up:
            _say_who_moved_up(seat)
        return redirect(_url("registration", registration))
    places = read.places_of(registration, read.meetings(registration.conference))
    return (
        _page("cancel_for", registration.conference, registration=registration, places=places, form=form),
        form.status,
    )


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/code", methods=["GET", "POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def new_code(registration: Registration) -> ResponseReturnValue:
    """Ask, then give a new code; the old one and all mailed links end."""
    form = ConfirmForm()
    if form.validate_on_submit():
        _remember_code(registration, registrations_domain.renew_code(registration))
        return redirect(_url("letter", registration))
    return _page("new_code", registration.conference, registration=registration, form=form), form.status


@bp.route("/verwaltung/<host>/<conference>/anmeldungen/<int:registration>/brief")
@requires(Permission.MANAGE_REGISTRATIONS, Registration)
def letter(registration: Registration) -> ResponseReturnValue:
    """The code on a sheet of paper. It is known right after it was made and never again."""
    places = read.places_of(registration, read.meetings(registration.conference))
    return _page(
        "letter",
        registration.conference,
        registration=registration,
        code=_remembered_code(registration),
        places=places,
        reachable_at=secrets.decrypt(registration.contact),
        today=now(),
    )


@bp.route("/verwaltung/<host>/<conference>/nachrichten")
@requires(Permission.MANAGE_REGISTRATIONS, Conference)
def outbox(conference: Conference) -> ResponseReturnValue:
    state = next((state for state in MessageState if state.value == request.args.get("stand")), None)
    messages, page, pages = read.messages(conference, state, request.args.get("seite", 1, type=int))
    counts = read.message_counts(conference)
    return _page(
        "outbox",
        conference,
        messages=messages,
        names=read.names(message.registration_id for message in messages),
        state=state,
        states=[(known, counts[known]) for known in MessageState if known in counts],
        count=sum(counts.values()),
        page_number=page,
        pages=pages,
    )


@bp.route("/verwaltung/<host>/nachrichten/<int:message>/noch-einmal", methods=["POST"])
@requires(Permission.MANAGE_REGISTRATIONS, Message)
def send_again(message: Message) -> ResponseReturnValue:
    conference = db.session.scalar(
        select(Conference).where(
            Conference.host_id == message.host_id, Conference.id == message.conference_id
        )
    )
    if conference is None:
        # Invitations and notices to the host are none of an organizer's mails.
        abort(404)
    registration_id = message.registration_id
    if ConfirmForm().validate_on_submit():
        try:
            outbox_domain.send_again(message, access.me())
        except DomainError as error:
            flash(str(error), "danger")
        else:
            flash(_("Die Nachricht wird noch einmal gesendet."))
    else:
        flash(_("Das hat nicht geklappt. Bitte drücken Sie den Knopf noch einmal."), "danger")
    host, key = conference.host.key, conference.key
    if request.form.get("zurueck") == "anmeldung" and registration_id is not None:
        return redirect(
            url_for("signup.registration", host=host, conference=key, registration=registration_id)
        )
    return redirect(url_for("signup.outbox", host=host, conference=key))


def _page(name: str, conference: Conference, **values: Any) -> str:
    return render_template(
        f"signup/manage/{name}.html",
        sections=navigation.of_conference(conference),
        sections_title=str(conference.title),
        **values,
    )


def _say_who_moved_up(seat: Seat) -> None:
    other = seat.participant.registration
    values = {
        "name": other.display_name or other.organisation or _("Anmeldung Nr. %(number)s", number=other.id),
        "group": str(seat.group_round.group.title),
    }
    if other.contact_channel is ContactChannel.EMAIL:
        flash(_("%(name)s ist in „%(group)s“ nachgerückt und bekommt eine Mail.", **values), "info")
    else:
        flash(
            _("%(name)s ist in „%(group)s“ nachgerückt. Bitte sagen Sie selbst Bescheid.", **values),
            "warning",
        )


def _url(endpoint: str, registration: Registration) -> str:
    conference = registration.conference
    return url_for(
        f"signup.{endpoint}",
        host=conference.host.key,
        conference=conference.key,
        registration=registration.id,
    )


def _wanted(form: FilterForm) -> read.Wanted:
    chosen = form.stand.data or ""
    group = form.gruppe.data or ""
    return read.Wanted(
        text=(form.q.data or "")[:120],
        is_cancelled=chosen == "cancelled",
        meeting_id=int(group) if group.isascii() and group.isdigit() and len(group) < 18 else None,
        state=next((state for state in SeatState if state.value == chosen), None),
        page=request.args.get("seite", 1, type=int),
    )


def _filters_set(form: FilterForm) -> dict[str, str]:
    return {field.name: field.data for field in (form.q, form.gruppe, form.stand) if field.data}


def _meeting_words(meeting: read.Meeting, everything: list[read.Meeting]) -> str:
    words = f"{meeting.group_number}. {meeting.title}"
    if any(other.round_number != 1 for other in everything):
        return _("%(group)s, Runde %(round)s", group=words, round=meeting.round_number)
    return words


def _group_rounds(conference: Conference, chosen: dict[int, int | None]) -> list[GroupRound]:
    wanted = [round_id for round_id in chosen.values() if round_id is not None]
    return list(
        db.session.scalars(
            select(GroupRound).where(GroupRound.conference_id == conference.id, GroupRound.id.in_(wanted))
        )
    )


def _wanted_groups(conference: Conference, chosen: dict[int, int | None]) -> dict[int, GroupRound | None]:
    known = {group_round.id: group_round for group_round in _group_rounds(conference, chosen)}
    return {number: known[round_id] if round_id else None for number, round_id in chosen.items()}


def _remember_code(registration: Registration, code: str) -> None:
    session["letter"] = [registration.id, code, int(now().timestamp()) + LETTER_SECONDS]


def _remembered_code(registration: Registration) -> str:
    registration_id, code, until = session.get("letter", (0, "", 0))
    if registration_id != registration.id or until <= now().timestamp():
        return ""
    # Somebody else may have given a newer one since.
    return str(code) if codes.digest(str(code)) == registration.code_digest else ""
