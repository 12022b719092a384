"""With the code: how a household is reached, in which language, and what it answered to the conference's questions."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.signup import bp
from app.blueprints.signup.forms_details import AnswersForm, contact_form, stored_contact
from app.blueprints.signup.routes import address, can_change
from app.domain import contact, questions
from app.domain.errors import ChangedMeanwhile, DomainError
from app.models import Registration
from app.policies import Permission
from app.web import access, languages
from app.web import questions as fields
from app.web.access import requires


@bp.route("/<host>/<conference>/meine-anmeldung/kontakt", methods=["GET", "POST"])
@requires(Permission.USE_REGISTRATION, Registration)
def change_contact(registration: Registration) -> ResponseReturnValue:
    """Correct where messages go and in which language; links that were sent before end."""
    mine = redirect(url_for(".mine", **address(registration.conference)))
    if not registration.is_live:
        return mine
    form = contact_form(registration)
    if form.validate_on_submit():
        try:
            moved = contact.change(
                registration,
                form.channel,
                form.contact,
                form.language.data or "de",
                shown=form.shown.data or "",
            )
        except ChangedMeanwhile as error:
            form.reject(error)
            form.compare(*stored_contact(registration))
        except DomainError as error:
            form.reject(error)
        else:
            # This browser showed the code; only what was sent to the old address ends.
            access.hold(registration)
            flash(
                _("Gespeichert. Links in früheren Nachrichten gelten nicht mehr. Ihr Code gilt weiter.")
                if moved
                else _("Gespeichert."),
                "success",
            )
            return mine
    return render_template("signup/change_contact.html", form=form, registration=registration), form.status


@bp.route("/<host>/<conference>/meine-anmeldung/antworten", methods=["GET", "POST"])
@requires(Permission.USE_REGISTRATION, Registration)
def change_answers(registration: Registration) -> ResponseReturnValue:
    """Answer the conference's own questions otherwise."""
    conference = registration.conference
    mine = redirect(url_for(".mine", **address(conference)))
    asked = questions.asked(conference)
    if not registration.is_live or not asked or (request.method == "GET" and not can_change(registration)):
        return mine
    made = fields.add_fields(AnswersForm, asked, languages.current().code)
    form = made(data=fields.put(questions.answers_of(registration)))
    form.start(questions.seen(registration))
    if form.validate_on_submit():
        try:
            questions.change_answers(registration, fields.answers(form), shown=form.shown.data or "")
        except ChangedMeanwhile as error:
            form.reject(error)
            stored = questions.answers_of(registration)
            form.compare_answers(questions.asked(conference), stored, questions.seen(registration))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Gespeichert."), "success")
            return mine
    return render_template("signup/change_answers.html", form=form, registration=registration), form.status
