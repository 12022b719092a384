"""The desk for recommendations: list, all fields, the steps, the preview, and the end of a draft."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.blueprints.recommendations import bp
from app.blueprints.recommendations.manage_forms import Confirm, Edit, Filter, News, TakeStep
from app.blueprints.recommendations.routes import shown
from app.database import now
from app.domain import editing, evidence, local_time, recommendation_status, recommendations
from app.domain.errors import DomainError, NotFound
from app.domain.queries import results as read
from app.domain.queries import trace
from app.domain.recommendation_status import DECISIONS, PRIVATE, TRANSITIONS
from app.models import Conference, Recommendation, RecommendationStatus
from app.policies import Permission
from app.web import access, navigation
from app.web.access import requires
from app.web.forms import SelectChoice
from app.web.labels import label
from app.web.saving import saved

_S = RecommendationStatus
# How the steps are named in addresses.
SLUGS = {
    _S.DRAFTED: "entwurf",
    _S.IN_CONSULTATION: "besprechung",
    _S.PRIORITISED: "rangfolge",
    _S.SUBMITTED: "vorlage",
    _S.ADOPTED: "beschluss",
    _S.ADOPTED_AMENDED: "beschluss-mit-aenderungen",
    _S.NOTED: "kenntnisnahme",
    _S.REJECTED: "ablehnung",
    _S.PLANNED: "planung",
    _S.IN_PROGRESS: "arbeit",
    _S.DONE: "erledigt",
    _S.STOPPED: "ende-ohne-ergebnis",
    _S.DEFERRED: "zurueckstellung",
}
_BY_SLUG = {slug: status for status, slug in SLUGS.items()}


@bp.get("/verwaltung/<host>/<conference>/empfehlungen")
@requires(Permission.EDIT_RECOMMENDATIONS, Conference)
def manage_all(conference: Conference) -> ResponseReturnValue:
    asked = request.args
    wanted = read.Wanted(
        status=next((status for status in _S if status.value == asked.get("stand")), None),
        field_of_action=asked.get("feld", "").strip(),
        lead=asked.get("stelle", "").strip(),
    )
    found = read.recommendations_of(conference, wanted, public_only=False)
    form = Filter(asked)
    form.stand.choices = [
        SelectChoice("", _("alle")),
        *(SelectChoice(status.value, label(status)) for status in _S if found.by_status[status]),
    ]
    form.feld.choices = _choices(found.by_field)
    form.stelle.choices = _choices(found.by_lead)
    return page("list", conference, form=form, found=found, is_filtered=wanted != read.Wanted())


def _choices(counted: Any) -> list[SelectChoice]:
    return [SelectChoice("", _("alle")), *(SelectChoice(words, words) for words in sorted(counted))]


@bp.route("/verwaltung/<host>/<conference>/empfehlungen/<int:recommendation>", methods=["GET", "POST"])
@requires(Permission.EDIT_RECOMMENDATIONS, Recommendation)
def edit(recommendation: Recommendation) -> ResponseReturnValue:
    conference = recommendation.conference
    with_switch = not recommendations.is_shown_for_good(recommendation)

    def stored() -> tuple[dict[str, Any], str]:
        values = editing.values(recommendation, recommendations.FIELDS)
        return Edit.put(values), editing.seen(values)

    fields, mark = stored()
    form = Edit(data=fields)
    form.offer(with_result=bool(recommendation.result), with_switch=with_switch)
    form.start(mark)
    if form.validate_on_submit() and saved(
        form,
        lambda: or_404(
            lambda: recommendations.edit(recommendation, form.take(), shown=form.shown.data or "")
        ),
        stored,
    ):
        flash(_("Die Empfehlung ist gespeichert."), "success")
        return redirect(address("edit", recommendation), 303)
    return page(
        "edit",
        conference,
        form.status,
        form=form,
        recommendation=recommendation,
        rows=trace.evidence_of(recommendation),
        missing=recommendation_status.missing(recommendation, evidence.standing(recommendation)),
        hints=recommendation_status.hints(recommendation),
        steps=[(SLUGS[status], status) for status in TRANSITIONS[recommendation.status]],
        can_be_removed=with_switch and not recommendation.is_public,
    )


@bp.route(
    "/verwaltung/<host>/<conference>/empfehlungen/<int:recommendation>/stand/<step>", methods=["GET", "POST"]
)
@requires(Permission.EDIT_RECOMMENDATIONS, Recommendation)
def take_step(recommendation: Recommendation, step: str) -> ResponseReturnValue:
    status = _BY_SLUG.get(step)
    if status is None:
        abort(404)
    form = TakeStep(data={"happened_on": local_time.day_of(now()), "result": recommendation.result})
    form.offer(with_decision=status in DECISIONS, with_result=status is _S.DONE)
    if form.validate_on_submit():
        values = {name: form[name].data for name in ("decided_by", "result") if name in form}
        try:
            or_404(
                lambda: recommendations.advance(
                    recommendation,
                    status,
                    happened_on=form.happened_on.data,
                    text=form.text.data,
                    by=access.me(),
                    **values,
                )
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Der Stand ist jetzt: %(status)s.", status=label(status)), "success")
            return redirect(address("edit", recommendation), 303)
    values_now = recommendation_status.vars_of(recommendation)
    lacking = recommendation_status.gaps_for_step(
        values_now, status, standing=evidence.standing(recommendation)
    )
    return page(
        "step",
        recommendation.conference,
        form.status,
        form=form,
        recommendation=recommendation,
        target=status,
        lacking=[gap for gap in lacking if gap.field not in form],
        is_possible=status in TRANSITIONS[recommendation.status] or status is recommendation.status,
        becomes_public=status not in PRIVATE and not recommendation.is_public,
    )


@bp.route(
    "/verwaltung/<host>/<conference>/empfehlungen/<int:recommendation>/neuigkeit", methods=["GET", "POST"]
)
@requires(Permission.EDIT_RECOMMENDATIONS, Recommendation)
def tell_news(recommendation: Recommendation) -> ResponseReturnValue:
    form = News(data={"happened_on": local_time.day_of(now())})
    if form.validate_on_submit():
        try:
            or_404(
                lambda: recommendations.tell_news(
                    recommendation, happened_on=form.happened_on.data, text=form.text.data, by=access.me()
                )
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Die Neuigkeit steht jetzt im Verlauf."), "success")
            return redirect(address("edit", recommendation), 303)
    return page("news", recommendation.conference, form.status, form=form, recommendation=recommendation)


@bp.route(
    "/verwaltung/<host>/<conference>/empfehlungen/<int:recommendation>/entfernen", methods=["GET", "POST"]
)
@requires(Permission.EDIT_RECOMMENDATIONS, Recommendation)
def remove(recommendation: Recommendation) -> ResponseReturnValue:
    form, title, conference = Confirm(), recommendation.title, recommendation.conference
    if form.validate_on_submit():
        try:
            or_404(lambda: recommendations.remove(recommendation))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("„%(title)s“ ist gelöscht.", title=title), "success")
            return redirect(url_for(".manage_all", host=g.host.key, conference=conference.key), 303)
    return page("remove", conference, form.status, form=form, recommendation=recommendation)


@bp.get("/verwaltung/<host>/<conference>/empfehlungen/<int:recommendation>/vorschau")
@requires(Permission.EDIT_RECOMMENDATIONS, Recommendation)
def preview(recommendation: Recommendation) -> ResponseReturnValue:
    return render_template(
        "recommendations/recommendation.html", is_preview=True, noindex=True, **shown(recommendation)
    )


def page(template: str, conference: Conference, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A page of the desk with the side navigation of the conference."""
    body = render_template(
        f"recommendations/manage/{template}.html",
        sections=navigation.of_conference(conference),
        sections_title=str(conference.title),
        **values,
    )
    return body, status


def address(endpoint: str, recommendation: Recommendation, **parts: Any) -> str:
    """The address of a page about this recommendation."""
    return url_for(
        f"recommendations.{endpoint}",
        host=g.host.key,
        conference=g.conference.key,
        recommendation=recommendation.number,
        **parts,
    )


def or_404(act: Any) -> Any:
    """Do it; a recommendation that was removed meanwhile is not found."""
    try:
        return act()
    except NotFound:
        abort(404)
