"""What a recommendation rests on: ticking voices, topics and minutes for a new one and for one that is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.blueprints.recommendations import bp
from app.blueprints.recommendations.manage import address, or_404, page
from app.blueprints.recommendations.manage_forms import Confirm, Draft, Pick
from app.domain import evidence, recommendations
from app.domain.errors import DomainError, OrderUnfit
from app.domain.queries import contributions as said
from app.domain.queries import results as read
from app.domain.queries import trace
from app.models import Conference, Minutes, Recommendation, RecommendationStatus
from app.policies import Permission
from app.web import access
from app.web.access import requires
from app.web.filters import passage
from app.web.forms import SelectChoice
from app.web.saving import was_refused


@dataclass
class Ticked:
    """What is ticked, by the numbers everybody knows: of contributions, of topics, of a group and its round."""

    contributions: list[int] = field(default_factory=list)
    topics: list[int] = field(default_factory=list)
    minutes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, sent: MultiDict[str, str]) -> Ticked:
        """What a form or an address says; what is no number is left aside."""
        return cls(
            _numbers(sent.getlist("beitrag")),
            _numbers(sent.getlist("themen")),
            list(dict.fromkeys(sent.getlist("protokoll"))),
        )

    def __bool__(self) -> bool:
        return bool(self.contributions or self.topics or self.minutes)


@dataclass
class Picker:
    """The list to tick from, what is ticked already, and what of it cannot be had any more."""

    ticked: Ticked
    listing: said.Listing
    chosen: list[Any]
    minutes: list[Minutes]
    # Numbers that were ticked and are not public.
    gone: list[int]

    def ids(self, conference: Conference) -> dict[str, list[int]]:
        """What is ticked, as the domain wants it; what does not exist here gets an id nothing has."""
        by_number = read.ids_by_number(conference, self.ticked.contributions)
        topics = {topic.number: topic.id for topic in self.listing.topics.values()}
        minutes = {mark_of(row): row.id for row in self.minutes}
        return {
            "contribution_ids": [by_number.get(number, 0) for number in self.ticked.contributions],
            "topic_ids": [topics.get(number, 0) for number in self.ticked.topics],
            "minutes_ids": [minutes.get(mark, 0) for mark in self.ticked.minutes],
        }


def mark_of(minutes: Minutes) -> str:
    """How minutes are named in a form: group and round."""
    return f"{minutes.group.number}-{minutes.round_number}"


@bp.route("/verwaltung/<host>/<conference>/empfehlungen/neu", methods=["GET", "POST"])
@requires(Permission.EDIT_RECOMMENDATIONS, Conference)
def draft(conference: Conference) -> ResponseReturnValue:
    form = Draft()
    picker = _picker(conference, form)
    if not _looks_further() and form.validate_on_submit():
        try:
            drafted = recommendations.draft(
                conference,
                {"title": form.title.data, "field_of_action": form.field_of_action.data},
                submission=form.submission.data or "",
                status=RecommendationStatus.COLLECTED
                if request.form.get("vormerken")
                else RecommendationStatus.DRAFTED,
                by=access.me(),
                **picker.ids(conference),
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Die Empfehlung ist angelegt. Ergänzen Sie jetzt die Angaben."), "success")
            return redirect(address("edit", drafted), 303)
    return page("draft", conference, form.status, form=form, picker=picker, mark_of=mark_of)


@bp.route("/verwaltung/<host>/<conference>/empfehlungen/<int:recommendation>/belege", methods=["GET", "POST"])
@requires(Permission.EDIT_RECOMMENDATIONS, Recommendation)
def edit_evidence(recommendation: Recommendation) -> ResponseReturnValue:
    conference = recommendation.conference
    form = Pick()
    picker = _picker(conference, form)
    if not _looks_further() and form.validate_on_submit():
        if not picker.ticked:
            form.form_errors.append(_("Bitte kreuzen Sie mindestens einen Beleg an."))
        else:
            try:
                evidence.add(recommendation, **picker.ids(conference))
            except DomainError as error:
                form.reject(error)
            else:
                flash(_("Die Belege sind gespeichert."), "success")
                return redirect(address("edit_evidence", recommendation), 303)
    rows = trace.evidence_of(recommendation)
    return page(
        "evidence",
        conference,
        form.status,
        form=form,
        picker=picker,
        mark_of=mark_of,
        recommendation=recommendation,
        rows=rows,
        known={row.contribution_id for row in rows},
        known_topics={row.topic_id for row in rows},
        known_minutes={row.minutes_id for row in rows},
    )


@bp.post("/verwaltung/<host>/<conference>/empfehlungen/<int:recommendation>/belege/aendern")
@requires(Permission.EDIT_RECOMMENDATIONS, Recommendation)
def change_evidence(recommendation: Recommendation) -> ResponseReturnValue:
    """Move one up or down, or take it out; one button of the list says which."""
    if not was_refused(Confirm()):
        what, _colon, number = request.form.get("move", "").partition(":")
        try:
            if what not in ("up", "down", "remove") or not (number.isdecimal() and len(number) < 19):
                raise OrderUnfit
            if what == "remove":
                or_404(lambda: evidence.remove(recommendation, int(number)))
                flash(_("Der Beleg ist herausgenommen."), "success")
            else:
                or_404(lambda: evidence.move(recommendation, int(number), up=what == "up"))
                flash(_("Die Reihenfolge ist gespeichert."), "success")
        except DomainError as error:
            flash(str(error), "error")
    return redirect(address("edit_evidence", recommendation), 303)


def _looks_further() -> bool:
    """True when somebody filters or turns a page of the list: nothing is saved, and nothing is checked."""
    return request.method == "POST" and bool(request.form.get("filtern") or request.form.get("seite"))


def _picker(conference: Conference, form: Any) -> Picker:
    """Read what is ticked and looked for; the form then offers topics and groups to filter by."""
    sent = request.form if request.method == "POST" else request.args
    ticked = Ticked.of(sent)
    listing = said.listing(
        conference,
        said.Filters(
            topic=_number(sent.get("thema", "")),
            group=_number(sent.get("gruppe", "")),
            query=sent.get("q", "").strip()[: said.LONGEST_QUERY],
        ),
        _number(sent.get("seite", "")) or 1,
    )
    form.thema.choices = [
        SelectChoice("", _("alle")),
        *(SelectChoice(str(number), str(passage(topic.title))) for number, topic in listing.topics.items()),
    ]
    form.gruppe.choices = [
        SelectChoice("", _("alle")),
        *(SelectChoice(str(number), str(passage(group.title))) for number, group in listing.groups.items()),
    ]
    if request.method == "GET":
        form.q.data, form.thema.data, form.gruppe.data = (
            sent.get(name, "")[:200] for name in ("q", "thema", "gruppe")
        )
    chosen = read.by_numbers(conference, ticked.contributions)
    found = {row.number for row in chosen}
    return Picker(
        ticked,
        listing,
        chosen,
        read.minutes_of(conference),
        [number for number in ticked.contributions if number not in found],
    )


def _numbers(texts: list[str]) -> list[int]:
    return [number for number in dict.fromkeys(map(_number, texts)) if number is not None]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
