"""Signing in and out, accepting an invitation, one's own password, and the dashboard."""

from __future__ import annotations

import json

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from app.blueprints.accounts import bp
from app.blueprints.accounts.forms import ChangePasswordForm, InvitationForm, SignInForm, SignOutForm
from app.database import now
from app.domain import staff
from app.domain.errors import DomainError, InvitationExpired
from app.domain.queries import work
from app.policies import Permission, may
from app.web import access, login
from app.web.access import requires
from app.web.throttle import throttle

# What one must be allowed to do to open what the dashboard links to.
_BEHIND_LINKS = (
    Permission.MANAGE_HOST,
    Permission.CREATE_CONFERENCE,
    Permission.EDIT_CONFERENCE,
    Permission.MANAGE_REGISTRATIONS,
    Permission.MODERATE,
    Permission.PUBLISH_RESULTS,
)


@bp.route("/anmelden", methods=["GET", "POST"])
@requires(Permission.VISIT)
def sign_in() -> ResponseReturnValue:
    if request.method == "POST" and request.args.get("unterbrochen"):
        return _interrupted()
    if current_user.is_authenticated:
        return redirect(_way_on(request.values.get("weiter", "")))
    form = SignInForm(weiter=request.args.get("weiter", ""))
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), form.status
    email = form.email.data or ""
    wait = throttle.wait_seconds("sign-in", account=email)
    if wait:
        return _too_fast(form, wait, "accounts/sign_in.html")
    try:
        member = staff.sign_in(email, form.password.data or "")
    except DomainError as error:
        throttle.failed("sign-in", account=email)
        form.reject(error)
        return render_template("accounts/sign_in.html", form=form), form.status
    login.begin(member)
    kept, target = _kept(form.angefangen.data or ""), _way_on(form.weiter.data or "", method="POST")
    if kept and target != url_for("accounts.dashboard"):
        return render_template("accounts/resume.html", kept=kept, target=target)
    return redirect(_way_on(form.weiter.data or ""))


def _interrupted() -> ResponseReturnValue:
    """Somebody has sent a form after their session had ended: they sign in, and it is all still there."""
    typed = [[name, value] for name, value in request.form.items(multi=True) if name != "csrf_token"]
    form = SignInForm(formdata=None, weiter=request.args.get("weiter", ""), angefangen=json.dumps(typed))
    return render_template("accounts/sign_in.html", form=form, is_interrupted=True)


def _kept(text: str) -> list[tuple[str, str]]:
    """What `_interrupted` has written; nothing for anything else."""
    try:
        pairs = json.loads(text or "[]")
        kept = [(str(name), str(value)) for name, value in pairs]
        # JSON can spell half characters, which no page can show.
        "".join(name + value for name, value in kept).encode()
    except (ValueError, TypeError, RecursionError):
        return []
    return kept


@bp.route("/abmelden", methods=["POST"])
@requires(Permission.VISIT)
def sign_out() -> ResponseReturnValue:
    # Without its token another site could sign people out.
    if SignOutForm().validate_on_submit():
        if member := access.staff_member():
            staff.end_sessions(member)
        login.end()
        flash(_("Sie sind abgemeldet."))
    return redirect(url_for("accounts.sign_in"))


@bp.route("/einladung/<token>", methods=["GET", "POST"])
@requires(Permission.VISIT)
def accept_invitation(token: str) -> ResponseReturnValue:
    try:
        invited = staff.invited(token)
        form = InvitationForm(name=invited.name)
        if form.validate_on_submit():
            login.begin(staff.accept(token, form.password.data or "", form.name.data or ""))
            flash(_("Willkommen! Ihr Passwort ist gespeichert, und Sie sind angemeldet."))
            return redirect(url_for("accounts.dashboard"))
    except InvitationExpired:
        return render_template("accounts/invitation_expired.html"), 404
    return render_template(
        "accounts/accept_invitation.html", form=form, invited=invited, minimum=staff.MIN_PASSWORD
    ), form.status


@bp.route("/passwort", methods=["GET", "POST"])
@requires(Permission.WORK)
def change_password() -> ResponseReturnValue:
    member = access.me()
    form = ChangePasswordForm()
    template = "accounts/change_password.html"
    if not form.validate_on_submit():
        return render_template(template, form=form, member=member, minimum=staff.MIN_PASSWORD), form.status
    wait = throttle.wait_seconds("password", account=member.email)
    if wait:
        return _too_fast(form, wait, template, member=member, minimum=staff.MIN_PASSWORD)
    try:
        staff.change_password(member, form.current.data or "", form.password.data or "")
    except DomainError as error:
        throttle.failed("password", account=member.email)
        form.reject(error)
        return render_template(template, form=form, member=member, minimum=staff.MIN_PASSWORD), form.status
    # All sessions have ended with the old password; this one goes on.
    login.begin(member)
    flash(_("Ihr neues Passwort gilt ab jetzt. Auf anderen Geräten sind Sie abgemeldet."))
    return redirect(url_for("accounts.dashboard"))


@bp.route("/")
@requires(Permission.WORK)
def dashboard() -> ResponseReturnValue:
    member = access.me()
    at = now()
    works = work.overview(member, at)
    return render_template(
        "accounts/dashboard.html",
        works=[
            (entry, {right.value for right in _BEHIND_LINKS if may(member, right, entry.host)})
            for entry in works
        ],
        now=at,
        runs_instance=may(member, Permission.MANAGE_INSTANCE),
    )


def _too_fast(
    form: SignInForm | ChangePasswordForm, wait: int, template: str, **values: object
) -> ResponseReturnValue:
    form.form_errors.append(
        ngettext(
            "Das waren zu viele Versuche. Bitte warten Sie %(num)s Sekunde und versuchen Sie es dann noch einmal.",
            "Das waren zu viele Versuche. Bitte warten Sie %(num)s Sekunden und versuchen Sie es dann noch einmal.",
            wait,
        )
    )
    return render_template(template, form=form, **values), 429, {"Retry-After": str(wait)}


def _way_on(path: str, *, method: str = "GET") -> str:
    """Where to go after signing in: the staff page that was asked for if there is one, else the dashboard."""
    home = url_for("accounts.dashboard")
    plain = path.partition("?")[0]
    if not plain.startswith(home) or "\\" in path or any(character < " " for character in path):
        return home
    adapter = current_app.create_url_adapter(request)
    try:
        rule = adapter.match(plain, method=method, return_rule=True)[0] if adapter else None
    except HTTPException:
        return home
    # A page that can only be posted to has nothing to show.
    return path if rule and rule.rule.startswith(home) else home
