"""An institution answers its invitation by a link: who comes, or that nobody does. No account."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.signup import bp
from app.blueprints.signup.forms import ConfirmForm
from app.blueprints.signup.forms_invited import reply_form
from app.blueprints.signup.routes import address, takes_forms
from app.blueprints.signup.routes_register import notice_digest, people_asked_for, remember
from app.database import now
from app.domain import invitations, secrets
from app.domain.errors import DomainError, NotFound, TooManyFromInstitution
from app.domain.queries import conferences
from app.models import Conference, ContactChannel, GroupChoice, InstitutionInvitation, InvitationState
from app.policies import Permission
from app.web import languages
from app.web.access import requires
from app.web.throttle import throttle


@bp.route("/<host>/<conference>/einladung/<token>", methods=["GET", "POST"])
@requires(Permission.VISIT, Conference)
def invited(conference: Conference, token: str) -> ResponseReturnValue:
    if not conference.is_public:
        abort(404)
    if seconds := throttle.wait_seconds("invitation"):
        return render_template("signup/invited_void.html"), 429, {"Retry-After": str(seconds)}
    try:
        invitation = invitations.by_link(conference, token)
    except NotFound:
        throttle.failed("invitation")
        return render_template("signup/invited_void.html"), 404
    if "absagen" in request.args and request.method == "POST":
        return _decline(conference, invitation, token)
    if invitation.state is InvitationState.ACCEPTED and request.method == "GET":
        return render_template("signup/invited_answered.html", invitation=invitation)
    return _reply(conference, invitation, token)


def _reply(conference: Conference, invitation: InstitutionInvitation, token: str) -> ResponseReturnValue:
    people, new = people_asked_for()
    one_too_many = "add" in request.form and 1 + len(people) > invitation.most
    if one_too_many and new is not None:
        people, new = people[:-1], None
    groups = conferences.groups_of(conference)
    form = reply_form(conference, groups, people)
    if "add" in request.form or "remove" in request.form:
        if one_too_many:
            form.reject(TooManyFromInstitution(most=invitation.most))
    elif form.validate_on_submit():
        try:
            registration, code = invitations.accept(
                invitation,
                invitations.details(
                    invitation,
                    display_name=form.display_name.data or "",
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
        except DomainError as error:
            # What was refused was rolled back, and what is shown now is read again.
            groups = conferences.groups_of(conference)
            form.reject(error)
        else:
            remember(registration, code)
            return redirect(url_for(".done", **address(conference)))
    elif request.method == "GET" and (email := secrets.decrypt(invitation.email)):
        form.contact_channel.data, form.email.data = ContactChannel.EMAIL.value, email
    form.offer()
    state = conference.signup_state(now())
    return render_template(
        "signup/invited.html",
        invitation=invitation,
        token=token,
        form=form,
        state=state,
        new=new.key if new is not None else "",
        takes_forms=takes_forms(conference, state),
        by_wishes=conference.group_choice is GroupChoice.WISHES,
    ), form.status


def _decline(conference: Conference, invitation: InstitutionInvitation, token: str) -> ResponseReturnValue:
    if ConfirmForm().validate_on_submit():
        try:
            invitations.decline(invitation)
        except DomainError as error:
            flash(str(error), "warning")
        else:
            flash(_("Danke für Ihre Antwort. Wir haben notiert, dass niemand kommt."), "success")
    return redirect(url_for(".invited", token=token, **address(conference)))
