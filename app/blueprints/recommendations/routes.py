"""What has come of a conference, for everybody: all recommendations, and each with the voices behind it."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.blueprints.recommendations import bp
from app.database import now
from app.domain import local_time
from app.domain.queries import results as read
from app.domain.queries import trace
from app.models import Conference, Recommendation, RecommendationStatus
from app.policies import Permission
from app.web.access import requires
from app.web.cache import kept_until_changed


@bp.get("/<host>/<conference>/ergebnisse")
@requires(Permission.SEE_CONFERENCE, Conference)
@kept_until_changed
def results(conference: Conference) -> ResponseReturnValue:
    wanted = read.Wanted(
        status=next(
            (known for known in RecommendationStatus if known.value == request.args.get("stand")), None
        ),
        field_of_action=request.args.get("feld", "").strip(),
    )
    found = read.recommendations_of(conference, wanted)
    return render_template(
        "recommendations/results.html",
        found=found,
        wanted=wanted,
        statuses=[status for status in RecommendationStatus if found.by_status[status]],
        minutes=read.minutes_of(conference),
        figures=read.figures_of(conference),
    )


@bp.get("/<host>/<conference>/ergebnisse/<int:recommendation>")
@requires(Permission.SEE_RECOMMENDATION, Recommendation)
@kept_until_changed
def recommendation(recommendation: Recommendation) -> ResponseReturnValue:
    # It repeats the words of contributions: what somebody takes back must not live on in search engines.
    return render_template("recommendations/recommendation.html", noindex=True, **shown(recommendation))


def shown(recommendation: Recommendation) -> dict[str, object]:
    """What the page of a recommendation shows, to residents and in the preview."""
    conference = recommendation.conference
    return {
        "recommendation": recommendation,
        "voices": trace.of_recommendation(recommendation),
        "turn": trace.turn_of(
            recommendation,
            today=local_time.day_of(now()),
            contact_role=conference.contact_role or conference.host.responsible_role,
        ),
    }
