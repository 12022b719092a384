"""Sheets for the tables of the groups: the guiding questions, and room for the three main points."""

from __future__ import annotations

from dataclasses import dataclass

from app.exports.print.event import Event, span

POINTS = 3


@dataclass(frozen=True)
class TableSheet:
    """One round of one group."""

    number: str
    title: str
    where: str
    questions: tuple[str, ...]


def prepare(event: Event) -> list[TableSheet]:
    """One sheet for each round of each group."""
    several_rounds = any(meeting.round_number > 1 for meeting in event.meetings)
    return [
        TableSheet(
            f"Arbeitsgruppe {meeting.group_number}",
            str(meeting.title),
            " · ".join(
                part
                for part in (
                    f"Runde {meeting.round_number}" if several_rounds else "",
                    span(meeting.starts_at, meeting.ends_at),
                    meeting.room,
                )
                if part
            ),
            tuple(line.strip() for line in str(meeting.questions).splitlines() if line.strip()),
        )
        for meeting in event.meetings
    ]
