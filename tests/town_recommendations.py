"""What the town of tests/town.py recommends: one on its way with evidence of every kind, and a draft."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import local_time, recommendations
from app.models import Conference, Contribution, Horizon, Minutes, RecommendationStatus, StaffMember


def fill(town: Any, conference: Conference, by: StaffMember, first: int) -> None:
    """Recommendations from number `first` on: the first one is public and discussed, the second a draft."""
    word = town.word
    with transaction():
        conference.last_recommendation_number = first - 1
    by_status = {
        row.status.value: row.id
        for row in db.session.scalars(select(Contribution).where(Contribution.conference_id == conference.id))
    }
    minutes = list(db.session.scalars(select(Minutes.id).where(Minutes.conference_id == conference.id)))
    public = recommendations.draft(
        conference,
        {
            "title": f"Schatten schaffen in {word}",
            "field_of_action": f"Stadtgrün {word}",
            "target_groups": ["Kinder", f"Eltern in {word}"],
            "need": f"In {word} fehlt Schatten.",
            "goal": f"Bis 2030 stehen 20 Bäume in {word}.",
            "measures": ["Bäume auswählen", f"Bäume in {word} pflanzen"],
            "lead": f"Grünflächenamt {word}",
            "partners": [f"Gartenverein {word}"],
            "caretaker": f"Stadtgärtnerei {word}",
            "horizon": Horizon.MEDIUM,
            "target_date": date(2030, 12, 31),
            "priority": 1,
            "answer": f"Wir pflanzen Bäume in {word}.",
        },
        submission=f"empfehlung-{word.lower():-<20}",
        contribution_ids=[by_status["published"], by_status["duplicate"]],
        topic_ids=town.ids["topic"][:1],
        minutes_ids=minutes,
        by=by,
    )
    recommendations.advance(
        public,
        RecommendationStatus.IN_CONSULTATION,
        happened_on=local_time.day_of(now()),
        text=f"Die Stadtteilrunde {word} spricht darüber.",
        by=by,
    )
    draft = recommendations.draft(
        conference, {"title": f"Bänke aufstellen in {word}"}, status=RecommendationStatus.COLLECTED, by=by
    )
    town.ids |= {
        "recommendation": [public.id, draft.id],
        "evidence": [row.id for row in public.evidence],
    }
    town.recommendations = {
        "recommendation": public.number,
        "draft_recommendation": draft.number,
        "recommendation_step": "vorlage",
    }
