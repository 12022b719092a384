"""Conferences with results for tests of editions: voices, topics, recommendations, minutes, in few lines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.database import db, now, random_id, transaction
from app.domain import edition_files, editions, moderation
from app.domain.edition_files import Logo, Progress, Renderer, Renderers
from app.domain.snapshot import Snapshot
from app.exports import results_csv, results_json
from app.models import (
    Conference,
    ConferenceStatus,
    Contribution,
    ContributionChannel,
    ContributionKind,
    ContributionStatus,
    Edition,
    EditionFile,
    Evidence,
    FileFormat,
    Minutes,
    Recommendation,
    RecommendationStatus,
    StatusUpdate,
    Topic,
    Translated,
    TranslatedBy,
    WorkingGroup,
)
from tests import make

DAY = date(2026, 3, 2)


def over(**values: Any) -> Conference:
    """A conference that took place ten days ago, in documentation."""
    return make.conference(
        **{
            "starts_at": now() - timedelta(days=10),
            "status": ConferenceStatus.IN_DOCUMENTATION,
            "contact_role": "Sozialplanung",
            **values,
        }
    )


def voice(at: Conference, text: str = "Mehr Bänke im Park.", **values: Any) -> Contribution:
    """A published contribution with the next number; `status` and the like as wished."""
    with transaction():
        if "number" not in values:
            at.last_contribution_number += 1
        made = Contribution(
            **{
                "id": random_id(),
                "host_id": at.host_id,
                "conference_id": at.id,
                "number": at.last_contribution_number,
                "kind": ContributionKind.IDEA,
                "channel": ContributionChannel.WEB,
                "text": text,
                "status": ContributionStatus.PUBLISHED,
                "received_on": DAY,
                "decided_on": DAY,
                **values,
            }
        )
        db.session.add(made)
        db.session.flush()
        moderation.reindex(made)
    return made


def topic(
    at: Conference, title: str = "Bänke", *, group: WorkingGroup | None = None, number: int = 1
) -> Topic:
    """A topic, of a group or of none."""
    with transaction():
        made = Topic(
            host_id=at.host_id,
            conference_id=at.id,
            key=f"thema-{number}",
            number=number,
            position=number,
            title=Translated(title),
            summary=Translated(f"Alles über {title}."),
            working_group_id=group.id if group else None,
        )
        db.session.add(made)
    return made


def minutes(of: WorkingGroup, *, signed_off: bool = True, round_number: int = 1, **values: Any) -> Minutes:
    """What a group wrote down."""
    with transaction():
        made = Minutes(
            **{
                "host_id": of.host_id,
                "conference_id": of.conference_id,
                "working_group_id": of.id,
                "round_number": round_number,
                "participants": 12,
                "main_points": "Es fehlen Bänke.\nEs fehlt Schatten.",
                "signed_off": signed_off,
                **values,
            }
        )
        db.session.add(made)
    return made


def recommendation(
    at: Conference, *evidence: Contribution | Topic | Minutes, title: str = "Bänke aufstellen", **values: Any
) -> Recommendation:
    """A public recommendation that was submitted, with its first step and its evidence."""
    with transaction():
        at.last_recommendation_number += 1
        number = at.last_recommendation_number
        made = Recommendation(
            **{
                "host_id": at.host_id,
                "conference_id": at.id,
                "key": f"empfehlung-{number}",
                "number": number,
                "title": title,
                "lead": "Grünflächenamt",
                "need": "Ältere Menschen brauchen Pausen.",
                "measures": ["Orte suchen", "Bänke kaufen"],
                "status": RecommendationStatus.SUBMITTED,
                "is_public": True,
                **values,
            }
        )
        db.session.add(made)
        db.session.flush()
        for position, rests_on in enumerate(evidence, start=1):
            made.evidence.append(
                Evidence(
                    host_id=at.host_id,
                    conference_id=at.id,
                    position=position,
                    contribution_id=rests_on.id if isinstance(rests_on, Contribution) else None,
                    topic_id=rests_on.id if isinstance(rests_on, Topic) else None,
                    minutes_id=rests_on.id if isinstance(rests_on, Minutes) else None,
                )
            )
        made.history.append(
            StatusUpdate(
                host_id=at.host_id,
                conference_id=at.id,
                status=made.status,
                happened_on=DAY,
                text="In die Tagesordnung aufgenommen",
                decided_by="Sozialausschuss",
            )
        )
    return made


def rich(**values: Any) -> Conference:
    """A conference with something of every kind that an edition holds, and of every kind it must not hold."""
    at = over(**{"languages": ["de", "ar"], **values})
    group = make.group(at, title="Wohnen im Quartier")
    about = topic(at, "Bänke und Schatten", group=group)
    first = voice(
        at,
        "Mehr Bänke im Park.",
        topic_id=about.id,
        working_group_id=group.id,
        display_name="Eine Anwohnerin",
    )
    voice(
        at,
        "نريد مقاعد في الحديقة.",
        language="ar",
        german="Wir wollen Bänke im Park.",
        german_by=TranslatedBy.MACHINE,
        status=ContributionStatus.DUPLICATE,
        duplicate_of_id=first.id,
    )
    voice(
        at,
        '=HYPERLINK("https://boese.example")',
        kind=ContributionKind.QUESTION,
        answer="Danke für den Hinweis.",
    )
    voice(at, "Das war einmal öffentlich.", status=ContributionStatus.REJECTED, rejection_reason="insult")
    for text, status in (
        ("Ungelesen und geheim", ContributionStatus.RECEIVED),
        ("Beleidigung, nie öffentlich", ContributionStatus.REJECTED),
    ):
        voice(
            at,
            text,
            number=None,
            status=status,
            rejection_reason="insult" if status is ContributionStatus.REJECTED else None,
        )
    held = minutes(group)
    minutes(make.group(at, title="Bewegen"), signed_off=False, main_points="Noch geheimes Protokoll.")
    recommendation(at, first, about, held, answer="Die Bänke kommen im Mai.")
    recommendation(at, title="Geheimer Entwurf", is_public=False, status=RecommendationStatus.DRAFTED)
    return at


def small_pdf(snapshot: Snapshot, logo: Logo | None, progress: Progress) -> bytes:
    """Stands in for the renderer of documents where a test is about something else."""
    progress(1, 2)
    progress(2, 2)
    return b"%PDF-1.7\n" + results_json.render(snapshot)


QUICK: Renderers = {
    FileFormat.PDF: Renderer(small_pdf, "application/pdf", is_heavy=True),
    FileFormat.CSV: Renderer(lambda snapshot, *_: results_csv.render(snapshot), results_csv.MEDIA_TYPE),
    FileFormat.JSON: Renderer(lambda snapshot, *_: results_json.render(snapshot), results_json.MEDIA_TYPE),
}


def published(at: Conference, renderers: Renderers = QUICK, **values: Any) -> Edition:
    """The next edition, with its files made."""
    edition = editions.freeze(at, **values)
    for file_id in [file.id for file in edition.files]:
        assert edition_files.render(file_id, renderers)
    db.session.expire_all()
    return edition


def file_of(edition: Edition, kind: FileFormat) -> EditionFile:
    """The file of an edition in one format, as it is stored now."""
    db.session.rollback()
    return next(file for file in edition.files if file.format is kind)
