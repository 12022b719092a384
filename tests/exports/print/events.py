"""Conferences as paper for the day needs them, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.queries.day import Guest, Household, Meeting, Point
from app.exports.print.event import Event
from app.models import RegistrationChannel, RegistrationStatus, Translated

START = datetime(2027, 5, 25, 15, tzinfo=UTC)
LONG = "Annegret-Wilhelmine Freifrau von und zu Hohenstein-Wittgenstein-Berleburg geborene Oberhuber"
ONE_WORD = "Donaudampfschifffahrtsgesellschaftskapitänswitwenverein" * 2
ARABIC = "محمد عبد الرحمن الخطيب"
NAMES = (
    "Maria Schmidt",
    ARABIC,
    LONG,
    "Олена Шевченко",
    "Nguyễn Thị Minh Khai",
    ONE_WORD,
    "Şükrü Çağlayan",
    "Jo",
)


def meeting(number: int = 1, round_number: int = 1, room: str = "Raum 12", **values: Any) -> Meeting:
    return Meeting(
        **{
            "id": number * 10 + round_number,
            "round_number": round_number,
            "group_number": number,
            "title": Translated(f"Wohnen {number}"),
            "questions": Translated("Was ist gut?\n\nWas fehlt?"),
            "interpreter_languages": [],
            "capacity": 10,
            "room": room,
            "starts_at": START + timedelta(minutes=30 * round_number),
            "ends_at": START + timedelta(minutes=30 * round_number + 25),
            **values,
        }
    )


def guest(number: int, name: str = "", age: int | None = None, *meetings: Meeting) -> Guest:
    return Guest(number, number, name, age, meetings, None, frozenset())


def household(number: int, *guests: Guest, name: str = "", organisation: str = "") -> Household:
    return Household(
        number, name, organisation, RegistrationChannel.WEB, RegistrationStatus.CONFIRMED, tuple(guests)
    )


def event(*households: Household, **values: Any) -> Event:
    first, second = meeting(1), meeting(2, 2, room="")
    return Event(
        **{
            "title": "Sozialkonferenz Nordstadt",
            "motto": "Zusammen wohnen, zusammen reden",
            "kind": "Sozialraumkonferenz",
            "host": "Stadt Musterhausen",
            "accent": "#00615a",
            "is_demo": False,
            "starts_at": START,
            "ends_at": START + timedelta(hours=3),
            "place": ("Bürgerhaus", "Hauptstraße 2", "12345 Musterhausen"),
            "phone": "02000 54321",
            "hours": "Montag bis Freitag, 9 bis 12 Uhr",
            "costs": "Die Teilnahme kostet nichts.",
            "languages": (("Deutsch", "de", "ltr"), ("العربية", "ar", "rtl")),
            "address": "https://beteiligung.example/stadt-1/konferenz-1/anmeldung",
            "households": households,
            "meetings": (first, second),
            "agenda": (Point(Translated("Begrüßung"), START, START + timedelta(minutes=20), None, "Saal"),),
            **values,
        }
    )


def crowd(count: int) -> Event:
    """So many people with names of all kinds."""
    first, second = meeting(1), meeting(2, 2)
    return event(
        *(
            household(
                number,
                guest(number, NAMES[number % len(NAMES)], None, first, second),
                organisation="Verein für gute Nachbarschaft e. V." if number % 3 == 0 else "",
            )
            for number in range(1, count + 1)
        )
    )
