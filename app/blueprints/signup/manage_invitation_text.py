"""How a conference words its invitations of institutions, and reminding all who have not answered."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.blueprints.signup import bp
from app.blueprints.signup.manage_forms import ConfirmForm
from app.blueprints.signup.manage_parts import staff_page
from app.domain import editing, invitations, message_texts, placeholders
from app.domain.errors import DomainError
from app.letters import institutions
from app.models import Conference
from app.policies import Permission
from app.web import languages
from app.web.access import requires
from app.web.fields import EditForm, line, text
from app.web.saving import saved, was_refused


class InvitationTextForm(EditForm):
    """Subject and text in one language. What is missing or unfit is told by the domain, with the list."""

    subject = line(_l("Betreff"), most=message_texts.MOST_SUBJECT)
    body = text(_l("Text"), most=message_texts.MOST_BODY)


@bp.route("/verwaltung/<host>/<conference>/einladungen/text/<code>", methods=["GET", "POST"])
@requires(Permission.SEND_MESSAGES, Conference)
def edit_invitation_text(conference: Conference, code: str) -> ResponseReturnValue:
    """The text; it can be looked at before it is saved, as an institution would read it."""
    language = _language(conference, code)

    def stored() -> tuple[dict[str, str], str]:
        values = message_texts.values(message_texts.find(conference.id, institutions.KIND, language.code))
        return values, editing.seen(values)

    before = stored()
    form = InvitationTextForm(data=before[0])
    form.start(before[1])
    is_trial = "vorschau" in request.form
    if form.validate_on_submit():
        if is_trial:
            try:
                message_texts.check(institutions.KIND, form.subject.data, form.body.data)
            except DomainError as error:
                form.reject(error)
        elif saved(
            form,
            lambda: message_texts.save(
                conference,
                institutions.KIND,
                language.code,
                subject=form.subject.data,
                body=form.body.data,
                shown=form.shown.data,
            ),
            stored,
        ):
            flash(_("Der Text ist gespeichert."), "success")
            return redirect(_address(conference, code), 303)
    typed = (form.subject.data, form.body.data) if is_trial and not form.errors else None
    shows = not form.errors and not form.form_errors
    return (
        staff_page(
            "edit_invitation_text",
            conference,
            form=form,
            language=language,
            spoken=_spoken(conference),
            has_own=bool(before[0]["subject"]),
            is_trial=is_trial,
            allowed=placeholders.ALLOWED[institutions.KIND],
            required=placeholders.REQUIRED[institutions.KIND],
            letter=institutions.sample(conference, language, typed) if shows else None,
        ),
        form.status,
    )


@bp.post("/verwaltung/<host>/<conference>/einladungen/text/<code>/ueblich")
@requires(Permission.SEND_MESSAGES, Conference)
def reset_invitation_text(conference: Conference, code: str) -> ResponseReturnValue:
    language = _language(conference, code)
    if not was_refused(ConfirmForm()):
        message_texts.reset(conference, institutions.KIND, language.code)
        flash(_("Jetzt gelten wieder die üblichen Worte."), "success")
    return redirect(_address(conference, code), 303)


@bp.route("/verwaltung/<host>/<conference>/einladungen/erinnern", methods=["GET", "POST"])
@requires(Permission.SEND_MESSAGES, Conference)
def remind_institutions(conference: Conference) -> ResponseReturnValue:
    """Show who would be reminded, then send each the same link once more."""
    form = ConfirmForm()
    if form.validate_on_submit():
        count = invitations.remind_all(conference)
        if count:
            flash(_("Erinnert: %(count)s. Jede Einrichtung bekommt ihren Link noch einmal.", count=count))
        else:
            flash(_("Es war nichts zu tun: Niemand fehlt, oder die Erinnerung ist gerade erst verschickt."))
        return redirect(
            url_for(".manage_invitations", host=conference.host.key, conference=conference.key), 303
        )
    return (
        staff_page("remind_institutions", conference, form=form, waiting=invitations.to_remind(conference)),
        form.status,
    )


def _spoken(conference: Conference) -> list[languages.Language]:
    """German, and the languages of the conference."""
    others = [code for code in conference.languages if code != languages.GERMAN.code]
    return [languages.GERMAN, *(languages.INSTALLED[code] for code in others if code in languages.INSTALLED)]


def _language(conference: Conference, code: str) -> languages.Language:
    found = next((language for language in _spoken(conference) if language.code == code), None)
    if found is None:
        abort(404)
    return found


def _address(conference: Conference, code: str) -> str:
    return url_for(".edit_invitation_text", host=conference.host.key, conference=conference.key, code=code)
