"""Mailings: begun as a draft, looked at, tried out, released once."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.blueprints.messages import bp
from app.blueprints.messages.manage_forms import MailingForm, RecipientFilter, choices_of, mailing_form
from app.blueprints.messages.manage_page import (
    SLUGS,
    Confirm,
    address,
    kind_of,
    looked_at,
    page,
    recipient_choices,
    sent_to_oneself,
)
from app.blueprints.messages.manage_texts import spoken_at
from app.domain import editing, mailings
from app.domain.errors import DomainError
from app.domain.mailings import Audience
from app.models import Conference, Mailing, MailingState, MessageWay, RoleGroup
from app.policies import Permission
from app.web import access
from app.web.access import requires
from app.web.labels import label
from app.web.saving import saved, was_refused


@bp.route("/verwaltung/<host>/<conference>/nachrichten/an-viele/neu/<kind_slug>", methods=["GET", "POST"])
@requires(Permission.SEND_MESSAGES, Conference)
def draft(conference: Conference, kind_slug: str) -> ResponseReturnValue:
    """Begin a message to many; nothing is sent yet."""
    kind = kind_of(kind_slug)
    if kind not in mailings.KINDS:
        abort(404)
    form = _form(conference, mailings.usual_audience(kind), {})
    form.start("")
    if form.validate_on_submit():
        try:
            mailing = mailings.draft(conference, kind, form.audience, form.note, by=access.me())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Der Entwurf ist gespeichert. Noch bekommt ihn niemand."), "success")
            return redirect(address("mailing", conference, mailing=mailing.id), 303)
    return page(
        "draft", conference, form.status, form=form, kind=kind, why=mailings.why_out_of_date(kind, conference)
    )


@bp.route("/verwaltung/<host>/<conference>/nachrichten/an-viele/<int:mailing>", methods=["GET", "POST"])
@requires(Permission.SEND_MESSAGES, Mailing)
def mailing(mailing: Mailing) -> ResponseReturnValue:
    """One mailing: who gets it and how, what it says; while it is a draft it can be changed."""
    conference = mailings.conference_of(mailing)

    def stored() -> tuple[dict[str, Any], str]:
        values = mailings.values(mailing)
        return _put(values), editing.seen(values)

    form = _form(conference, Audience.stored(mailing.audience), mailing.note)
    form.start(stored()[1])
    if form.validate_on_submit() and saved(
        form, lambda: mailings.change(mailing, form.audience, form.note, shown=form.shown.data), stored
    ):
        flash(_("Der Entwurf ist gespeichert."), "success")
        return redirect(address("mailing", conference, mailing=mailing.id), 303)
    told, unreached = mailings.counts(mailing)
    seen = looked_at(conference, mailing.kind, mailing)
    return page(
        "mailing",
        conference,
        form.status,
        form=form,
        mailing=mailing,
        is_draft=mailing.state is MailingState.DRAFT,
        told=told,
        unreached=unreached,
        became=mailings.became_of([mailing])[mailing.id],
        why=mailings.why_out_of_date(mailing.kind, conference),
        heading=label(mailing.kind),
        text_slug=SLUGS[mailing.kind],
        recipient_form=recipient_choices(RecipientFilter(formdata=None), seen),
        **seen,
    )


@bp.post("/verwaltung/<host>/<conference>/nachrichten/an-viele/<int:mailing>/freigeben")
@requires(Permission.SEND_MESSAGES, Mailing)
def release(mailing: Mailing) -> ResponseReturnValue:
    conference, number = mailings.conference_of(mailing), mailing.id
    if not was_refused(Confirm()):
        try:
            told = mailings.release(mailing, access.me())
        except DomainError as error:
            flash(str(error), "danger")
        else:
            flash(
                ngettext(
                    "Freigegeben: %(num)s Nachricht ist unterwegs.",
                    "Freigegeben: %(num)s Nachrichten sind unterwegs.",
                    told,
                )
                if told
                else _("Diese Nachricht war schon freigegeben. Niemand bekommt sie zweimal."),
                "success" if told else "info",
            )
    return redirect(address("mailing", conference, mailing=number), 303)


@bp.post("/verwaltung/<host>/<conference>/nachrichten/an-viele/<int:mailing>/verwerfen")
@requires(Permission.SEND_MESSAGES, Mailing)
def discard(mailing: Mailing) -> ResponseReturnValue:
    conference = mailings.conference_of(mailing)
    if not was_refused(Confirm()):
        try:
            mailings.discard(mailing)
        except DomainError as error:
            flash(str(error), "danger")
        else:
            flash(_("Der Entwurf ist verworfen. Niemand bekommt ihn."), "success")
    return redirect(address("overview", conference), 303)


@bp.post("/verwaltung/<host>/<conference>/nachrichten/an-viele/<int:mailing>/test")
@requires(Permission.SEND_MESSAGES, Mailing)
def try_mailing(mailing: Mailing) -> ResponseReturnValue:
    """Send it to the signed-in person only."""
    conference, number = mailings.conference_of(mailing), mailing.id
    if not was_refused(Confirm()):
        sent_to_oneself(conference, mailing.kind, mailing)
    return redirect(address("mailing", conference, mailing=number, an=request.form.get("an") or None), 303)


def _form(conference: Conference, audience: Audience, note: Any) -> MailingForm:
    values = _put({"audience": audience.as_stored(), "note": note})
    spoken = spoken_at(conference)
    form = mailing_form(spoken)(data=values)
    form.groups.choices = [(group.id, f"{group.number}. {group.title}") for group in conference.groups]
    form.spoken.choices = [(language.code, language.name) for language in spoken]
    form.roles.choices = choices_of(RoleGroup)
    form.ways.choices = choices_of(MessageWay)
    return form


def _put(values: dict[str, Any]) -> dict[str, Any]:
    """Stored values as they stand in the fields."""
    audience = values["audience"]
    return {
        **{name: audience[name] for name in ("waiting", "groups", "roles", "ways")},
        "spoken": audience["languages"],
        **{f"note_{code.replace('-', '_')}": text for code, text in values["note"].items()},
    }
