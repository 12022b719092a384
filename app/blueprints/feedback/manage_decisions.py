"""One contribution and the decisions about it; after a decision the next one opens by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.blueprints.feedback import bp
from app.blueprints.feedback.manage import next_address
from app.blueprints.feedback.manage_forms import (
    Answer,
    Arrange,
    Confirm,
    Decision,
    Duplicate,
    Forward,
    Publish,
    Reject,
    Reports,
    Review,
    Translate,
    as_id,
)
from app.blueprints.feedback.manage_page import address, page
from app.blueprints.feedback.manage_words import HINTS, REPLIES
from app.domain import editing, moderation, second_look, taking_back, topics
from app.domain.errors import DomainError
from app.domain.queries import moderation as read
from app.models import Contribution, ContributionChannel, RejectionReason, StaffMember, TranslatedBy
from app.policies import Permission
from app.web import access
from app.web.access import requires
from app.web.labels import label
from app.web.saving import is_id, saved

# So many reports stand on the page; the next ones come when these are done.
MOST_REPORTS = 50

Act = Callable[[Contribution, Any, StaffMember], None]


@dataclass(frozen=True)
class Way:
    """One thing staff can do with a contribution."""

    form: type[Decision]
    act: Act
    done: Any
    # After it the next one opens; otherwise this page again.
    decides: bool = True


def _publish(contribution: Contribution, form: Any, by: StaffMember) -> None:
    moderation.publish(contribution, by=by, note=form.publish_note.data, shown=form.shown.data)


def _reject(contribution: Contribution, form: Any, by: StaffMember) -> None:
    taking_back.reject(
        contribution,
        RejectionReason(form.reason.data),
        form.reply.data,
        by=by,
        note=form.reject_note.data,
        shown=form.shown.data,
    )


def _forward(contribution: Contribution, form: Any, by: StaffMember) -> None:
    taking_back.forward(
        contribution,
        form.office.data,
        form.forward_reply.data,
        by=by,
        note=form.forward_note.data,
        shown=form.shown.data,
    )


def _duplicate(contribution: Contribution, form: Any, by: StaffMember) -> None:
    moderation.mark_duplicate(
        contribution, form.original.data, by=by, note=form.duplicate_note.data, shown=form.shown.data
    )


def _arrange(contribution: Contribution, form: Any, by: StaffMember) -> None:
    moderation.arrange(
        contribution,
        topic_id=as_id(form.topic.data),
        working_group_id=as_id(form.group.data),
        shown=form.shown.data,
    )


def _translate(contribution: Contribution, form: Any, by: StaffMember) -> None:
    moderation.translate(
        contribution,
        form.german.data,
        TranslatedBy(form.german_by.data),
        reviewed=form.german_reviewed.data,
        shown=form.shown.data,
    )


WAYS: dict[str, Way] = {
    "publish": Way(Publish, _publish, _l("Der Beitrag ist veröffentlicht.")),
    "reject": Way(Reject, _reject, _l("Der Beitrag ist abgelehnt. Die Person liest mit ihrem Code, warum.")),
    "forward": Way(
        Forward, _forward, _l("Der Beitrag ist weitergeleitet. Geben Sie ihn jetzt an die Stelle.")
    ),
    "duplicate": Way(Duplicate, _duplicate, _l("Der Beitrag zählt jetzt bei dem anderen mit.")),
    "review": Way(
        Review,
        lambda contribution, form, by: moderation.review(contribution, by=by),
        _l("Der Beitrag ist in Prüfung. Die Person kann ihn nicht mehr ändern."),
        decides=False,
    ),
    "arrange": Way(Arrange, _arrange, _l("Thema und Gruppe sind gespeichert."), decides=False),
    "translate": Way(Translate, _translate, _l("Die Übersetzung ist gespeichert."), decides=False),
    "answer": Way(
        Answer,
        lambda contribution, form, by: moderation.answer(
            contribution, form.answer.data, shown=form.shown.data
        ),
        _l("Die Antwort ist gespeichert."),
        decides=False,
    ),
    "reports": Way(
        Reports,
        lambda contribution, form, by: moderation.handle_reports(contribution, _ids(form.shown.data)),
        _l("Die Meldungen sind erledigt."),
        decides=False,
    ),
}


@bp.route("/verwaltung/<host>/<conference>/beitraege/<int:contribution>", methods=["GET", "POST"])
@requires(Permission.MODERATE, Contribution)
def moderate(contribution: Contribution) -> ResponseReturnValue:
    conference = contribution.conference
    # A form that does not say what it decides is refused as the first of them would be.
    chosen = request.form.get("decision", "") if request.method == "POST" else ""
    name = chosen if chosen in WAYS else "reject"
    forms = {known: _form(known, contribution, is_posted=known == name) for known in WAYS}
    form, way = forms[name], WAYS[name]
    if form.validate_on_submit() and saved(
        form,
        lambda: way.act(contribution, form, access.me()),
        lambda: _stored(name, contribution),
    ):
        flash(str(way.done), "success")
        if way.decides:
            return redirect(next_address(conference, read.next_undecided(contribution)), 303)
        return redirect(address("moderate", conference, contribution=contribution.id), 303)
    history = read.history(contribution)
    reports = read.reports(contribution, most=MOST_REPORTS + 1)
    forms["reports"].shown.data = ",".join(
        str(report.id) for report in reports[:MOST_REPORTS] if report.handled_at is None
    )
    return page(
        "moderate",
        conference,
        form.status,
        contribution=contribution,
        form=form,
        ways=forms,
        chosen=name if form.errors or form.form_errors else "",
        beside=_beside(name, form, contribution),
        days=read.age(contribution.received_on),
        hints=_hints(contribution),
        history=history,
        reports=reports[:MOST_REPORTS],
        has_more_reports=len(reports) > MOST_REPORTS,
        duplicates=read.duplicates(contribution),
        alike=read.alike(contribution) if contribution.is_undecided else [],
        offices=read.offices(contribution.host_id),
        replies={reason.value: REPLIES[reason] for reason in RejectionReason},
        may_correct=contribution.channel is not ContributionChannel.WEB,
        following=read.next_undecided(contribution),
    )


@bp.route(
    "/verwaltung/<host>/<conference>/beitraege/<int:contribution>/zurueckziehen", methods=["GET", "POST"]
)
@requires(Permission.MODERATE, Contribution)
def withdraw_for(contribution: Contribution) -> ResponseReturnValue:
    """Somebody calls and takes their words back."""
    form = Confirm()
    if form.validate_on_submit():
        try:
            taking_back.withdraw(contribution, by=access.me())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Der Beitrag ist zurückgezogen. Der Text ist gelöscht."), "success")
            return redirect(address("moderate", contribution.conference, contribution=contribution.id), 303)
    return page("withdraw_for", contribution.conference, form.status, contribution=contribution, form=form)


def _ids(shown: str | None) -> list[int]:
    """The ids of the reports that somebody has read, as the form carries them."""
    return [int(number) for number in (shown or "").split(",")[:MOST_REPORTS] if is_id(number)]


def _form(name: str, contribution: Contribution, *, is_posted: bool) -> Any:
    """The form of one way; only the one that was posted reads what was sent."""
    fields, shown = _stored(name, contribution)
    kind = WAYS[name].form
    form = kind(data=fields) if is_posted else kind(formdata=None, data=fields)
    form.offer(contribution, topics.all_of(contribution.conference), contribution.conference.groups)
    form.beside = []
    if not (is_posted and form.is_submitted()):
        form.shown.data = shown
    return form


def _stored(name: str, contribution: Contribution) -> tuple[dict[str, Any], str]:
    """What is stored now, as it stands in the fields of this way, and the mark of it."""
    match name:
        case "arrange":
            values = editing.values(contribution, ("topic_id", "working_group_id"))
            fields = {
                "topic": str(contribution.topic_id or ""),
                "group": str(contribution.working_group_id or ""),
            }
            return fields, editing.seen(values)
        case "translate":
            values = editing.values(contribution, ("german", "german_by", "german_reviewed"))
            by = contribution.german_by or TranslatedBy.HUMAN
            return {**values, "german_by": by.value}, editing.seen(values)
        case "answer":
            values = editing.values(contribution, ("answer",))
            return values, editing.seen(values)
        case "forward":
            return {"office": contribution.forwarded_to}, moderation.seen(contribution)
        case _:
            return {}, moderation.seen(contribution)


DECISIONS = {
    "publish": _l("veröffentlichen"),
    "reject": _l("nicht veröffentlichen"),
    "forward": _l("weiterleiten"),
    "duplicate": _l("als gleichen Beitrag kennzeichnen"),
}


def _beside(name: str, form: Any, contribution: Contribution) -> tuple[str, str] | None:
    """What was decided here, and what somebody else has decided meanwhile; None where nobody has."""
    changed = form.form_errors and form.shown.data == moderation.seen(contribution)
    if name not in DECISIONS or not changed:
        return None
    return str(DECISIONS[name]), label(contribution.status)


def _hints(contribution: Contribution) -> list[tuple[str, str]]:
    """What the words seem to hold, before they are shown to everybody."""
    if contribution.is_public or contribution.text is None:
        return []
    return [
        (str(HINTS[spot.hint]), spot.words)
        for spot in second_look.spots(contribution.text, contribution.german, contribution.display_name)
    ]
