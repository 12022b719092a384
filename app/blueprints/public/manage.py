"""Settings, team and reported barriers of a host, for those in charge of it."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.public import bp
from app.blueprints.public.manage_forms import ConfirmForm, InviteForm, settings_form
from app.database import now
from app.domain import hosts, secrets, staff
from app.domain.errors import DomainError, NotFound
from app.models import Host, StaffMember, StaffRole
from app.policies import Permission
from app.web import access, navigation
from app.web.access import requires


@bp.route("/verwaltung/<host>/einstellungen", methods=["GET", "POST"])
@requires(Permission.MANAGE_HOST, Host)
def settings(host: Host) -> ResponseReturnValue:
    form = settings_form(host)
    if form.validate_on_submit():
        upload = form.logo.data
        content = upload.read() if upload else b""
        try:
            hosts.set_up(
                host,
                logo=(upload.filename or "logo", content) if content else None,
                without_logo=form.remove_logo.data and not content,
                **form.settings,
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Die Einstellungen sind gespeichert. Sie gelten sofort auf allen Seiten."))
            return redirect(url_for("public.settings", host=host.key))
    return (
        _page(
            "settings",
            host,
            form=form,
            missing=[form[name] for name in hosts.missing_settings(host)],
            contrast=round(hosts.contrast(host.accent_colour, "#ffffff"), 1),
            needed=hosts.MIN_CONTRAST,
        ),
        form.status,
    )


@bp.route("/verwaltung/<host>/team", methods=["GET", "POST"])
@requires(Permission.MANAGE_HOST, Host)
def team(host: Host) -> ResponseReturnValue:
    form = InviteForm()
    if form.validate_on_submit():
        try:
            member, token = staff.invite(
                form.email.data or "", form.name.data or "", StaffRole(form.role.data), host
            )
        except DomainError as error:
            form.reject(error)
        else:
            if token:
                flash(_("Die Einladung an %(email)s ist unterwegs.", email=member.email))
                _remember_link(host, member, token)
            else:
                flash(_("%(email)s hat schon ein Konto. Die Aufgabe gilt sofort.", email=member.email))
            return redirect(url_for("public.team", host=host.key))
    email, link = _remembered_link(host)
    return (
        _page(
            "team",
            host,
            form=form,
            assignments=staff.team(host),
            me=access.me(),
            now=now(),
            email=email,
            link=link,
        ),
        form.status,
    )


@bp.route("/verwaltung/<host>/team/<int:assignment>/entfernen", methods=["POST"])
@requires(Permission.MANAGE_HOST, Host)
def remove_from_team(host: Host, assignment: int) -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        try:
            staff.withdraw(host, assignment, access.me())
        except NotFound:
            flash(_("Diese Aufgabe ist schon entfernt."))
        except DomainError as error:
            flash(str(error), "danger")
        else:
            flash(_("Die Aufgabe ist entfernt. Sie gilt ab sofort nicht mehr."))
    else:
        flash(_("Das hat nicht geklappt. Bitte drücken Sie den Knopf noch einmal."), "danger")
    return redirect(url_for("public.team", host=host.key))


@bp.route("/verwaltung/<host>/barrieren")
@requires(Permission.MANAGE_HOST, Host)
def barriers(host: Host) -> ResponseReturnValue:
    return _page(
        "barriers",
        host,
        reports=[(report, secrets.decrypt(report.contact)) for report in hosts.barriers(host)],
    )


@bp.route("/verwaltung/<host>/barrieren/<int:feedback>/beantwortet", methods=["POST"])
@requires(Permission.MANAGE_HOST, Host)
def mark_answered(host: Host, feedback: int) -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        try:
            hosts.mark_answered(host, feedback)
        except NotFound:
            abort(404)
        flash(_("Als beantwortet vermerkt."))
    else:
        flash(_("Das hat nicht geklappt. Bitte drücken Sie den Knopf noch einmal."), "danger")
    return redirect(url_for("public.barriers", host=host.key))


def _page(name: str, host: Host, **values: Any) -> str:
    return render_template(
        f"public/manage/{name}.html",
        sections=navigation.of_host(host),
        sections_title=host.name,
        **values,
    )


def _remember_link(host: Host, member: StaffMember, token: str) -> None:
    # Only where no mail can carry it, and never for somebody who is invited elsewhere as well: the token opens
    # the whole account.
    if not current_app.config["MAIL_URL"] and all(held.host_id == host.id for held in member.assignments):
        session["invitation"] = [host.id, member.email, token]


def _remembered_link(host: Host) -> tuple[str, str]:
    host_id, email, token = session.pop("invitation", (0, "", ""))
    if host_id != host.id:
        return "", ""
    return email, current_app.config["BASE_URL"] + url_for("accounts.accept_invitation", token=token)
