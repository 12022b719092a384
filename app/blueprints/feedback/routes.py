"""A resident says something and follows it with a code of its own: no account, nothing that leads to anybody."""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache
from typing import Any

import flask_babel
from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.feedback import bp
from app.blueprints.feedback.forms import KIND_DETAILS, CodeForm, ConfirmForm, HandInForm, WordsForm
from app.database import now
from app.domain import contributions, taking_back, topics
from app.domain.contributions import Words
from app.domain.errors import AlreadyModerated, AlreadyWithdrawn, DomainError, UnknownContributionCode
from app.domain.queries import contributions as read
from app.domain.queries import trace
from app.models import Conference, Contribution, ContributionPhase, ContributionStatus, Host
from app.policies import Permission
from app.web import access, languages
from app.web.access import requires
from app.web.throttle import please_wait, throttle

# How long the page with the code can be opened again, to print it or after a look elsewhere.
CODE_SHOWN_FOR_SECONDS = 30 * 60
GUESS = "contribution-code"


@bp.route("/<host>/<conference>/beitraege/neu", methods=["GET", "POST"])
@requires(Permission.HAND_IN, Conference)
def hand_in(conference: Conference) -> ResponseReturnValue:
    phase = conference.contribution_phase(now())
    if request.method == "GET" and phase is not ContributionPhase.OPEN:
        return render_template("feedback/closed.html", phase=phase)
    form = HandInForm()
    _offer(form, conference)
    if form.validate_on_submit():
        words = form.words
        try:
            contribution, code = contributions.hand_in(
                conference,
                words,
                submission=form.submission.data or "",
                notice_digest=_digest_of_notice(conference.host.key, conference.host.version),
            )
            _say_it_anew(contribution, words)
        except (AlreadyModerated, AlreadyWithdrawn):
            # The form of an earlier contribution, with other words: what was typed now can still become one.
            form.submission.data = secrets.token_urlsafe(24)
            form.form_errors.append(
                _(
                    "Mit diesem Formular haben Sie schon einen Beitrag abgegeben. Er lässt sich nicht mehr ändern. "
                    "Drücken Sie noch einmal auf den Knopf: Dann ist das hier ein neuer Beitrag."
                )
            )
        except DomainError as error:
            form.reject(error)
        else:
            _remember(contribution, code)
            return redirect(url_for(".handed_in", **_address(conference)))
    elif request.method == "GET":
        form.language.data = languages.current().code
        for field, name in ((form.group, "gruppe"), (form.topic, "thema")):
            field.data = request.args.get(name, "")
    phase = conference.contribution_phase(now())
    return render_template(
        "feedback/hand_in.html", form=form, phase=phase, kind_details=_kind_details()
    ), form.status


@bp.get("/<host>/<conference>/beitraege/danke")
@requires(Permission.USE_CONTRIBUTION, Contribution)
def handed_in(contribution: Contribution) -> ResponseReturnValue:
    if contribution.status is not ContributionStatus.RECEIVED:
        return redirect(url_for(".mine", **_address(contribution.conference)))
    return render_template(
        "feedback/handed_in.html",
        contribution=contribution,
        code=_fresh_code(contribution),
        form=ConfirmForm(),
    )


@bp.route("/<host>/mein-beitrag", methods=["GET", "POST"])
@requires(Permission.VISIT, Host)
def enter_code(host: Host) -> ResponseReturnValue:
    form = CodeForm()
    if form.is_submitted() and (seconds := throttle.wait_seconds(GUESS)):
        form.code.errors = [please_wait(seconds)]
        page = render_template("feedback/enter_code.html", form=form, held=None)
        return page, 429, {"Retry-After": str(seconds)}
    if form.validate_on_submit():
        try:
            contribution = contributions.by_code(host.id, form.code.data or "")
        except UnknownContributionCode as error:
            throttle.failed(GUESS)
            form.reject(error)
        else:
            access.hold_contribution(contribution)
            return redirect(url_for(".mine", host=host.key, conference=contribution.conference.key))
    held = access.held_contribution() if request.method == "GET" else None
    if held is not None and held.host_id != host.id:
        held = None
    return render_template("feedback/enter_code.html", form=form, held=held), form.status


@bp.get("/<host>/<conference>/mein-beitrag")
@requires(Permission.USE_CONTRIBUTION, Contribution)
def mine(contribution: Contribution) -> ResponseReturnValue:
    conference = contribution.conference
    role = conference.contact_role or conference.host.responsible_role
    return render_template(
        "feedback/mine.html",
        contribution=contribution,
        found=trace.of_contribution(contribution, contact_role=role) if contribution.is_public else None,
        form=ConfirmForm(),
    )


@bp.route("/<host>/<conference>/mein-beitrag/aendern", methods=["GET", "POST"])
@requires(Permission.USE_CONTRIBUTION, Contribution)
def change(contribution: Contribution) -> ResponseReturnValue:
    conference = contribution.conference
    back = redirect(url_for(".mine", **_address(conference)))
    if request.method == "GET" and contribution.status is not ContributionStatus.RECEIVED:
        flash(_("Ihr Beitrag wird schon gelesen. Ändern geht nicht mehr, zurückziehen schon."), "info")
        return back
    form = WordsForm(
        text=contribution.text,
        kind=contribution.kind.value,
        language=contribution.language,
        group=str(contribution.group.number) if contribution.group else "",
        topic=str(contribution.topic.number) if contribution.topic else "",
        display_name=contribution.display_name,
    )
    _offer(form, conference, contribution.language)
    if form.validate_on_submit():
        try:
            contributions.change(contribution, form.words)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Gespeichert. So steht Ihr Beitrag jetzt da."), "success")
            return back
    return render_template("feedback/change.html", form=form, kind_details=_kind_details()), form.status


@bp.route("/<host>/<conference>/mein-beitrag/zurueckziehen", methods=["GET", "POST"])
@requires(Permission.USE_CONTRIBUTION, Contribution)
def withdraw(contribution: Contribution) -> ResponseReturnValue:
    back = redirect(url_for(".mine", **_address(contribution.conference)))
    if contribution.status is ContributionStatus.WITHDRAWN:
        return back
    form = ConfirmForm()
    if form.validate_on_submit():
        taking_back.withdraw(contribution)
        flash(_("Ihr Beitrag ist zurückgezogen und Ihr Text ist gelöscht."), "success")
        return back
    return render_template("feedback/withdraw.html", form=form, contribution=contribution), form.status


@bp.post("/<host>/mein-beitrag/vergessen")
@requires(Permission.VISIT, Host)
def forget(host: Host) -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        access.let_go_of_contribution()
        flash(_("Auf diesem Gerät ist Ihr Beitrag jetzt nicht mehr zu sehen. Er gilt weiter."), "success")
    return redirect(url_for(".enter_code", host=host.key))


def _address(conference: Conference) -> dict[str, Any]:
    return {"host": conference.host.key, "conference": conference.key}


def _offer(form: WordsForm, conference: Conference, *also: str) -> None:
    form.offer(read.groups_of(conference), topics.all_of(conference), *also)


def _kind_details() -> dict[str, str]:
    return {kind.value: str(words) for kind, words in KIND_DETAILS.items()}


def _say_it_anew(contribution: Contribution, words: Words) -> None:
    """The same form sent once more with other words: the last ones count, while nobody has looked at them."""
    said = (contribution.text, contribution.kind, contribution.language, contribution.display_name)
    if said != (words.text, words.kind, words.language, words.display_name):
        contributions.change(contribution, words)
        flash(
            _("Diesen Beitrag hatten wir schon. Jetzt steht er so da, wie Sie ihn zuletzt geschrieben haben.")
        )


def _remember(contribution: Contribution, code: str) -> None:
    access.hold_contribution(contribution)
    until = int(now().timestamp()) + CODE_SHOWN_FOR_SECONDS
    session["fresh_contribution_code"] = [str(contribution.id), code, until]


def _fresh_code(contribution: Contribution) -> str:
    """The code, while it was given in this browser a moment ago; it is stored nowhere else in clear."""
    number, code, until = session.get("fresh_contribution_code") or ("", "", 0)
    is_present = number == str(contribution.id) and contributions.opens(contribution, str(code))
    if not is_present or now().timestamp() > until:
        session.pop("fresh_contribution_code", None)
        return ""
    return str(code)


@lru_cache(maxsize=500)
def _digest_of_notice(_host: str, _host_version: int) -> str:
    """SHA-256 of the German privacy notice as it is shown now, short and long form.

    Of the German wording in every language: which page somebody read is nothing to be kept. The short form is not that
    of a registration, so the two have no value in common.
    """
    with flask_babel.force_locale(languages.GERMAN.locale):
        text = render_template("feedback/notice_short.html") + render_template("public/notice_text.html")
    return hashlib.sha256(text.encode()).hexdigest()
