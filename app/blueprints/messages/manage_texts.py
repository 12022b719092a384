"""How a conference words its messages: all kinds, one text, a look at it, a test to oneself."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.messages import bp
from app.blueprints.messages.manage_forms import RecipientFilter, TextForm
from app.blueprints.messages.manage_page import (
    Confirm,
    address,
    kind_of,
    looked_at,
    page,
    recipient_choices,
    sent_to_oneself,
)
from app.domain import editing, message_texts, placeholders
from app.domain.errors import DomainError
from app.models import Conference, MessageKind
from app.policies import Permission
from app.web import languages
from app.web.access import requires
from app.web.labels import label
from app.web.saving import saved, was_refused


@bp.get("/verwaltung/<host>/<conference>/nachrichten/texte")
@requires(Permission.SEND_MESSAGES, Conference)
def texts(conference: Conference) -> ResponseReturnValue:
    return page(
        "texts",
        conference,
        kinds=message_texts.KINDS,
        spoken=spoken_at(conference),
        own=message_texts.of_conference(conference),
    )


@bp.route("/verwaltung/<host>/<conference>/nachrichten/texte/<kind_slug>/<code>", methods=["GET", "POST"])
@requires(Permission.SEND_MESSAGES, Conference)
def edit_text(conference: Conference, kind_slug: str, code: str) -> ResponseReturnValue:
    """One text; it can be looked at before it is saved, as one of those registered would read it."""
    kind, language = kind_of(kind_slug), _language(conference, code)

    def stored() -> tuple[dict[str, str], str]:
        values = message_texts.values(message_texts.find(conference.id, kind, language.code))
        return values, editing.seen(values)

    form = TextForm(data=stored()[0])
    form.start(stored()[1])
    is_trial = "vorschau" in request.form
    if form.validate_on_submit():
        if is_trial:
            _check(form, kind)
        elif saved(
            form,
            lambda: message_texts.save(
                conference,
                kind,
                language.code,
                subject=form.subject.data,
                body=form.body.data,
                shown=form.shown.data,
            ),
            stored,
        ):
            flash(_("Der Text ist gespeichert."), "success")
            return redirect(address("edit_text", conference, kind_slug=kind_slug, code=code), 303)
    has_own = bool(form.shown.data) and message_texts.find(conference.id, kind, language.code) is not None
    shows = not form.errors and not form.form_errors
    how: dict[str, Any] = {"language": language.code}
    if is_trial and shows:
        how["text"] = (form.subject.data, form.body.data)
    seen = (
        looked_at(conference, kind, **how) if shows else {"recipients": [], "recipient": None, "letter": None}
    )
    return page(
        "edit_text",
        conference,
        form.status,
        form=form,
        kind=kind,
        kind_slug=kind_slug,
        language=language,
        spoken=spoken_at(conference),
        has_own=has_own,
        is_trial=is_trial,
        allowed=placeholders.ALLOWED[kind],
        required=placeholders.REQUIRED.get(kind, ()),
        recipient_form=recipient_choices(RecipientFilter(formdata=None), seen),
        heading=_("Text: %(kind)s", kind=label(kind)),
        **seen,
    )


@bp.post("/verwaltung/<host>/<conference>/nachrichten/texte/<kind_slug>/<code>/ueblich")
@requires(Permission.SEND_MESSAGES, Conference)
def reset_text(conference: Conference, kind_slug: str, code: str) -> ResponseReturnValue:
    kind, language = kind_of(kind_slug), _language(conference, code)
    if not was_refused(Confirm()):
        message_texts.reset(conference, kind, language.code)
        flash(_("Jetzt gelten wieder die üblichen Worte."), "success")
    return redirect(address("edit_text", conference, kind_slug=kind_slug, code=code), 303)


@bp.post("/verwaltung/<host>/<conference>/nachrichten/texte/<kind_slug>/<code>/test")
@requires(Permission.SEND_MESSAGES, Conference)
def try_text(conference: Conference, kind_slug: str, code: str) -> ResponseReturnValue:
    """Send what is saved to the signed-in person."""
    kind, language = kind_of(kind_slug), _language(conference, code)
    if not was_refused(Confirm()):
        sent_to_oneself(conference, kind, language=language.code)
    return redirect(address("edit_text", conference, kind_slug=kind_slug, code=code), 303)


def spoken_at(conference: Conference) -> list[languages.Language]:
    """The languages residents can be written to in at this conference, German first."""
    others = [code for code in conference.languages if code != languages.GERMAN.code]
    return [languages.GERMAN, *(languages.INSTALLED[code] for code in others if code in languages.INSTALLED)]


def _language(conference: Conference, code: str) -> languages.Language:
    found = next((language for language in spoken_at(conference) if language.code == code), None)
    if found is None:
        abort(404)
    return found


def _check(form: TextForm, kind: MessageKind) -> None:
    try:
        message_texts.check(kind, form.subject.data, form.body.data)
    except DomainError as error:
        form.reject(error)
