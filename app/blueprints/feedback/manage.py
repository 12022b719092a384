"""The queue: what awaits a decision and what was decided, with its age; several published at once."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.blueprints.feedback import bp
from app.blueprints.feedback.manage_forms import CodeForm, Confirm, SearchForm
from app.blueprints.feedback.manage_page import address, page
from app.blueprints.feedback.manage_words import SHELVES
from app.domain import contributions, moderation, second_look
from app.domain.errors import DomainError, UnknownContributionCode
from app.domain.queries import moderation as read
from app.domain.queries.moderation import Shelf
from app.models import Conference, Contribution
from app.policies import Permission
from app.web import access
from app.web.access import requires
from app.web.saving import is_id, was_refused
from app.web.throttle import please_wait, throttle

GUESS = "contribution-code-by-staff"


@bp.get("/verwaltung/<host>/<conference>/beitraege")
@requires(Permission.MODERATE, Conference)
def queue(conference: Conference) -> ResponseReturnValue:
    form = SearchForm(request.args)
    shelf = next((shelf for shelf in Shelf if shelf.value == request.args.get("stand")), Shelf.UNDECIDED)
    form.stand.data = shelf.value
    text = (form.q.data or "")[:120]
    found = read.queue(conference, shelf, text=text, page=request.args.get("seite", 1, type=int))
    return page(
        "queue",
        conference,
        form=form,
        code_form=CodeForm(),
        shelf=shelf,
        shelves=[(known, str(SHELVES[known]), found.counts.get(known, 0)) for known in Shelf],
        queue=found,
        marks={line.contribution.id: moderation.seen(line.contribution) for line in found.lines},
        hinted={line.contribution.id for line in found.lines if _has_hints(line.contribution)},
        search=text,
    )


@bp.post("/verwaltung/<host>/<conference>/beitraege/veroeffentlichen")
@requires(Permission.MODERATE, Conference)
def publish_several(conference: Conference) -> ResponseReturnValue:
    """Publish what is ticked, one decision each; what has changed since it was shown stays as it is."""
    back = address("queue", conference)
    if was_refused(Confirm()):
        return redirect(back, 303)
    marks = dict(_ticked(request.form.getlist("chosen")))
    published, refused = 0, []
    for contribution in read.entries(conference, marks):
        try:
            moderation.publish(
                contribution,
                by=access.me(),
                note=_("mit anderen zusammen veröffentlicht"),
                shown=marks[contribution.id],
            )
        except DomainError as error:
            refused.append(str(error))
        else:
            published += 1
    if published:
        flash(
            ngettext(
                "%(num)s Beitrag ist veröffentlicht.", "%(num)s Beiträge sind veröffentlicht.", published
            ),
            "success",
        )
    if refused:
        flash(
            ngettext(
                "%(num)s Beitrag hat sich inzwischen geändert und ist nicht veröffentlicht. Bitte sehen Sie ihn noch "
                "einmal an.",
                "%(num)s Beiträge haben sich inzwischen geändert und sind nicht veröffentlicht. Bitte sehen Sie sie "
                "noch einmal an.",
                len(refused),
            ),
            "warning",
        )
    if not published and not refused:
        flash(_("Es war nichts angekreuzt."), "warning")
    return redirect(back, 303)


@bp.post("/verwaltung/<host>/<conference>/beitraege/mit-code")
@requires(Permission.MODERATE, Conference)
def find_by_code(conference: Conference) -> ResponseReturnValue:
    """Open what somebody wrote who has called and reads out the code; the code never stands in an address."""
    form, back = CodeForm(), address("queue", conference)
    if was_refused(form):
        return redirect(back, 303)
    if seconds := throttle.wait_seconds(GUESS):
        flash(please_wait(seconds), "error")
        return redirect(back, 303)
    try:
        found = contributions.by_code(conference.host_id, form.code.data or "")
        if found.conference_id != conference.id:
            raise UnknownContributionCode
    except UnknownContributionCode as error:
        throttle.failed(GUESS)
        flash(str(error), "error")
        return redirect(back, 303)
    return redirect(address("moderate", conference, contribution=found.id), 303)


def _ticked(values: list[str]) -> list[tuple[int, str]]:
    """Ids with what was shown, as the boxes carry them."""
    pairs = [value.partition(".") for value in values]
    return [(int(number), mark) for number, _point, mark in pairs if is_id(number)]


def _has_hints(contribution: Contribution) -> bool:
    return contribution.is_undecided and bool(
        second_look.spots(contribution.text or "", contribution.german, contribution.display_name)
    )


def next_address(conference: Conference, contribution_id: int | None, **more: Any) -> str:
    """Where to go on after a decision: the next one, or the queue when nothing is left."""
    if contribution_id is None:
        return address("queue", conference, **more)
    return address("moderate", conference, contribution=contribution_id, **more)
