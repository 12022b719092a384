"""Staff list the institutions they invite, send or hand over the reply links, and see who has answered."""

from __future__ import annotations

from collections import Counter

from email_validator import EmailNotValidError, validate_email
from flask import abort, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.blueprints.signup import bp
from app.blueprints.signup.manage_forms import ConfirmForm
from app.blueprints.signup.manage_parts import staff_page
from app.domain import invitations, secrets
from app.domain.errors import DomainError, NotFound
from app.models import Conference, InstitutionInvitation, InvitationState
from app.policies import Permission
from app.web import access, languages
from app.web.access import requires
from app.web.fields import Whole
from app.web.forms import AtMost, BaseForm, Required, SelectChoice


class InvitationForm(BaseForm):
    """One institution."""

    organisation = StringField(_l("Einrichtung"), validators=[Required(), AtMost(200)])
    email = StringField(
        _l("E-Mail-Adresse"),
        description=_l("Ohne Adresse bekommen Sie einen Link, den Sie selbst weitergeben."),
        validators=[AtMost(254)],
    )
    language = SelectField(
        _l("Sprache"),
        validators=[InputRequired()],
        choices=lambda: [SelectChoice(each.code, each.name) for each in languages.INSTALLED.values()],
    )
    most = Whole(_l("Wie viele Personen höchstens?"), default=2, validators=[Required()])

    def validate_email(self, field: StringField) -> None:
        if field.data:
            try:
                field.data = validate_email(field.data, check_deliverability=False).normalized
            except EmailNotValidError as error:
                raise ValidationError(
                    _("Diese E-Mail-Adresse stimmt so nicht. Zum Beispiel: name@beispiel.de")
                ) from error


@bp.route("/verwaltung/<host>/<conference>/einladungen", methods=["GET", "POST"])
@requires(Permission.SEND_MESSAGES, Conference)
def manage_invitations(conference: Conference) -> ResponseReturnValue:
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            added = invitations.add(
                conference,
                invitations.Wanted(
                    organisation=form.organisation.data or "",
                    email=form.email.data or "",
                    language=form.language.data,
                    most=form.most.data or 0,
                ),
                by=access.me(),
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(
                _("„%(name)s“ steht auf der Liste, ist aber noch nicht eingeladen.", name=added.organisation)
            )
            return redirect(_list(conference))
    lines = invitations.all_of(conference)
    return (
        staff_page(
            "invitations",
            conference,
            form=form,
            button=ConfirmForm(),
            lines=lines,
            counts=Counter(line.invitation.state.value for line in lines),
            people=sum(line.people for line in lines),
            can_remind=any(line.email and line.invitation.state is InvitationState.INVITED for line in lines),
            answered=invitations.ANSWERED,
        ),
        form.status,
    )


@bp.get("/verwaltung/<host>/<conference>/einladungen/<int:invitation>")
@requires(Permission.SEND_MESSAGES, Conference)
def invitation_link(conference: Conference, invitation: int) -> ResponseReturnValue:
    """The reply link, to print or to hand over."""
    found = _find(conference, invitation)
    path = url_for(
        ".invited", host=conference.host.key, conference=conference.key, token=invitations.link_token(found)
    )
    prefix = "" if found.language == languages.GERMAN.code else f"/{found.language}"
    return staff_page(
        "invitation_link",
        conference,
        invitation=found,
        email=secrets.decrypt(found.email),
        link=f"{current_app.config['BASE_URL']}{prefix}{path}",
        is_answered=found.state in invitations.ANSWERED,
        form=ConfirmForm(),
    )


@bp.post("/verwaltung/<host>/<conference>/einladungen/<int:invitation>/einladen")
@requires(Permission.SEND_MESSAGES, Conference)
def send_invitation(conference: Conference, invitation: int) -> ResponseReturnValue:
    found = _find(conference, invitation)
    if ConfirmForm().validate_on_submit():
        was_invited = found.state is InvitationState.INVITED
        try:
            invitations.invite(found)
        except DomainError as error:
            flash(str(error), "warning")
        else:
            if not found.email:
                return redirect(
                    url_for(
                        ".invitation_link",
                        host=conference.host.key,
                        conference=conference.key,
                        invitation=found.id,
                    )
                )
            flash(
                _("„%(name)s“ bekommt einen neuen Link. Der alte gilt nicht mehr.", name=found.organisation)
                if was_invited
                else _("Die Einladung an „%(name)s“ ist unterwegs.", name=found.organisation)
            )
    return redirect(_list(conference))


@bp.post("/verwaltung/<host>/<conference>/einladungen/<int:invitation>/erinnern")
@requires(Permission.SEND_MESSAGES, Conference)
def remind_institution(conference: Conference, invitation: int) -> ResponseReturnValue:
    """Send the same link once more."""
    found = _find(conference, invitation)
    if ConfirmForm().validate_on_submit():
        try:
            is_new = invitations.remind(found)
        except DomainError as error:
            flash(str(error), "warning")
        else:
            if is_new:
                flash(_("„%(name)s“ bekommt den Link noch einmal.", name=found.organisation))
            else:
                flash(_("„%(name)s“ ist gerade erst angeschrieben worden.", name=found.organisation))
    return redirect(_list(conference))


@bp.post("/verwaltung/<host>/<conference>/einladungen/<int:invitation>/streichen")
@requires(Permission.SEND_MESSAGES, Conference)
def remove_invitation(conference: Conference, invitation: int) -> ResponseReturnValue:
    found = _find(conference, invitation)
    if ConfirmForm().validate_on_submit():
        name = found.organisation
        try:
            invitations.remove(found)
        except DomainError as error:
            flash(str(error), "warning")
        else:
            flash(_("„%(name)s“ steht nicht mehr auf der Liste. Der Link gilt nicht mehr.", name=name))
    return redirect(_list(conference))


def _find(conference: Conference, number: int) -> InstitutionInvitation:
    try:
        return invitations.find(conference, number)
    except NotFound:
        abort(404)


def _list(conference: Conference) -> str:
    return url_for(".manage_invitations", host=conference.host.key, conference=conference.key)
