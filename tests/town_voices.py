"""What people in the town of tests/town.py have said: contributions in every state, topics, a report."""

from __future__ import annotations

from typing import Any

from app.database import db, transaction
from app.domain import contributions, minutes, moderation, taking_back
from app.models import (
    Conference,
    Contribution,
    ContributionChannel,
    ContributionKind,
    RejectionReason,
    ReportReason,
    Topic,
    Translated,
    TranslatedBy,
    WorkingGroup,
)


def fill(town: Any, conference: Conference, groups: list[WorkingGroup], first: int) -> None:
    """Topics and contributions of every state, numbered from `first` on; the author has just got the code."""
    word = town.word
    with transaction():
        conference.last_contribution_number = first - 1
        topics = [
            Topic(
                host_id=conference.host_id,
                conference_id=conference.id,
                key=f"thema-{place}",
                number=first + place,
                position=place + 1,
                title=Translated({"de": f"{title} in {word}", "ar": f"نص {title} {word}"}),
                summary=Translated(f"Was über {title} in {word} gesagt wurde."),
                working_group_id=groups[0].id if place == 0 else None,
            )
            for place, title in enumerate(("Spielplatz", "Bus"))
        ]
        db.session.add_all(topics)

    def say(text: str, kind: str = "idea", **more: Any) -> tuple[Contribution, str]:
        return contributions.hand_in(
            conference,
            contributions.Words(
                f"{text} ({word})",
                kind=ContributionKind(kind),
                language=more.pop("language", "de"),
                working_group_id=groups[0].id,
                topic_id=topics[0].id,
                display_name=more.pop("display_name", ""),
            ),
            submission=f"{word.lower()}-{len(told):-<20}",
            by_staff=True,
            **more,
        )

    told: list[Contribution] = []
    for text, more in (
        ("Der Spielplatz braucht Schatten.", {"display_name": f"Stimme {word}"}),
        ("نريد ظلا في الملعب.", {"kind": "need", "language": "ar"}),
        ("Die Nachbarin heißt so.", {"kind": "problem"}),
        ("Das Schlagloch ist tief.", {"kind": "problem", "channel": ContributionChannel.PHONE}),
        ("Das nehme ich zurück.", {}),
        ("Das wird gerade gelesen.", {"channel": ContributionChannel.CARD}),
    ):
        told.append(say(text, **more)[0])
    own, town.contribution_code = say("Das habe ich eben geschrieben.", "question")
    original, twin, rejected, forwarded, withdrawn, reviewed = told
    moderation.publish(original)
    moderation.answer(original, f"Das Grünflächenamt {word} pflanzt Bäume.")
    moderation.publish(twin)
    moderation.translate(
        twin, f"Wir wollen Schatten auf dem Platz in {word}.", TranslatedBy.MACHINE, reviewed=False
    )
    moderation.mark_duplicate(twin, original.number or 0)
    moderation.reject(rejected, RejectionReason.PERSONAL_DATA, f"Bitte ohne Namen. Grüße aus {word}")
    moderation.forward(forwarded, f"Tiefbauamt {word}")
    moderation.publish(withdrawn)
    taking_back.withdraw(withdrawn)
    moderation.review(reviewed)
    contributions.report(
        original,
        ReportReason.UNTRUE,
        f"Das stimmt so nicht in {word}.",
        submission=f"meldung-{word.lower():-<20}",
    )
    minutes.save(
        groups[0],
        1,
        {"participants": 7, "main_points": f"Schatten fehlt in {word}.\nBänke fehlen.", "signed_off": True},
    )
    town.ids |= {
        "topic": [topic.id for topic in topics],
        "contribution": [each.id for each in (*told, own)],
    }
    town.contribution_id, town.contribution_mark = own.id, contributions.holding_mark(own)
    town.voices = {
        "voice": original.number,
        "contribution": reviewed.id,
        "card": reviewed.id,
        "topic": topics[0].number,
    }
