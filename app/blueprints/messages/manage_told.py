"""Letters to print and calls to make: told by hand, and noted here."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import letters as written
from app.blueprints.messages import bp
from app.blueprints.messages.manage import conference_of
from app.blueprints.messages.manage_page import Confirm, address, can_be_found, not_theirs, page
from app.database import db
from app.domain import message_texts, moving_up, outbox, told
from app.domain.errors import DomainError, NoOffer
from app.domain.queries import messages as read
from app.exports import letter as paper
from app.letters import calls as words
from app.letters import paper as on_paper
from app.models import Conference, Message, MessageKind, MessageWay
from app.policies import Permission
from app.web import access
from app.web.access import requires
from app.web.saving import is_id, was_refused


@bp.get("/verwaltung/<host>/<conference>/nachrichten/briefe")
@requires(Permission.GIVE_ACCESS, Conference)
def letters(conference: Conference) -> ResponseReturnValue:
    """The letters that wait for the printer."""
    waiting = read.letters(conference)
    return page(
        "letters",
        conference,
        messages=waiting,
        people=read.people(waiting),
        count=read.waiting(conference)[MessageWay.LETTER],
        has_offers=any(message.kind is MessageKind.OFFER for message in waiting),
        postal_days=moving_up.POSTAL_DAYS.days,
    )


@bp.get("/verwaltung/<host>/<conference>/nachrichten/briefe.pdf")
@requires(Permission.GIVE_ACCESS, Conference)
def letters_file(conference: Conference) -> ResponseReturnValue:
    """The listed letters in one file to print. Printing marks nothing."""
    key = conference.key
    pile = on_paper.pile(read.letters(conference))
    if not pile.letters:
        abort(404)
    db.session.rollback()
    try:
        made = paper.many_letters_pdf(pile.letters)
    except DomainError as error:
        flash(str(error), "warning")
        return redirect(address("letters", conference), 303)
    return _pdf(made, f"briefe-{key}.pdf")


@bp.get("/verwaltung/<host>/nachrichten/<int:message>/brief.pdf")
@requires(Permission.GIVE_ACCESS, Message)
def letter_file(message: Message) -> ResponseReturnValue:
    """One letter, as often as it is needed."""
    conference_of(message)
    if message.way is not MessageWay.LETTER or message.registration_id is None:
        abort(404)
    number = message.id
    try:
        letter = on_paper.on_paper(message)
    except written.OutOfDate as problem:
        flash(str(problem.reason), "warning")
        return redirect(address("outbox", conference_of(message)))
    db.session.rollback()
    return _pdf(paper.letters_pdf([letter]), f"brief-{number}.pdf")


@bp.post("/verwaltung/<host>/<conference>/nachrichten/briefe/gedruckt")
@requires(Permission.GIVE_ACCESS, Conference)
def mark_printed(conference: Conference) -> ResponseReturnValue:
    """The letters that were listed are printed; those that had nothing true to tell are taken off. For offers the clock
    starts."""
    if was_refused(Confirm()):
        return redirect(address("letters", conference), 303)
    listed = {int(number) for number in request.form.getlist("brief") if is_id(number)}
    listed = {number for number in listed if can_be_found(number)}
    pile = on_paper.pile([message for message in read.letters(conference) if message.id in listed])
    done = told.printed(conference, pile.printed, access.me())
    for number, reason in pile.needless.items():
        outbox.mark_needless(conference, [number], MessageWay.LETTER, str(reason))
    flash(
        ngettext(
            "%(num)s Brief ist als gedruckt vermerkt.", "%(num)s Briefe sind als gedruckt vermerkt.", done
        ),
        "success",
    )
    if pile.needless:
        flash(
            ngettext(
                "%(num)s Brief war nicht mehr nötig. Der Grund steht im Postausgang.",
                "%(num)s Briefe waren nicht mehr nötig. Der Grund steht im Postausgang.",
                len(pile.needless),
            ),
            "info",
        )
    return redirect(address("letters", conference), 303)


@bp.get("/verwaltung/<host>/<conference>/nachrichten/anrufe")
@requires(Permission.MANAGE_REGISTRATIONS, Conference)
def calls(conference: Conference) -> ResponseReturnValue:
    """Whom to call, and what to say."""
    waiting = read.calls(conference, but=not_theirs(conference))
    own = message_texts.of_conference(conference)
    said = {call.message.id: words.scripts(call, conference, own) for call in waiting}
    return page("calls", conference, calls=waiting, said=said)


@bp.post("/verwaltung/<host>/<conference>/nachrichten/anrufe/erledigt")
@requires(Permission.MANAGE_REGISTRATIONS, Conference)
def mark_called(conference: Conference) -> ResponseReturnValue:
    """A call was made; for an offer that starts the clock."""
    if was_refused(Confirm()):
        return redirect(address("calls", conference), 303)
    call = _call(conference)
    if call is None:
        flash(_("Dieser Anruf ist schon erledigt."), "info")
        return redirect(address("calls", conference), 303)
    try:
        told.called(conference, call.message, access.me())
    except NoOffer:
        flash(
            _("Das Angebot gilt nicht mehr. Der Anruf bleibt auf der Liste, bis Sie ihn herausnehmen."),
            "warning",
        )
    except DomainError as error:
        flash(str(error), "danger")
    else:
        flash(_("Der Anruf ist vermerkt."), "success")
    return redirect(address("calls", conference), 303)


@bp.post("/verwaltung/<host>/<conference>/nachrichten/anrufe/unnoetig")
@requires(Permission.MANAGE_REGISTRATIONS, Conference)
def mark_needless(conference: Conference) -> ResponseReturnValue:
    """There is nothing left to say: take a call off the list."""
    if was_refused(Confirm()):
        return redirect(address("calls", conference), 303)
    call = _call(conference)
    try:
        if call is not None:
            told.needless(conference, call.message, _("Nicht mehr nötig: So hat es das Team vermerkt."))
    except DomainError as error:
        flash(str(error), "danger")
    else:
        flash(_("Der Anruf ist von der Liste genommen."), "success")
    return redirect(address("calls", conference), 303)


def _call(conference: Conference) -> read.Call | None:
    """The call a button stands for, while it waits and is theirs to make."""
    waiting = read.calls(conference, but=not_theirs(conference))
    return next((call for call in waiting if call.message.id == _asked_for()), None)


def _asked_for() -> int:
    """The number of the message a button stands for; 0 for what is none."""
    number = request.form.get("anruf", "")
    return int(number) if is_id(number) and can_be_found(int(number)) else 0


def _pdf(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
