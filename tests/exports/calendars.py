"""Calendar files to look at, and how they are read back."""

from __future__ import annotations

from icalendar import Calendar

from app.models import Translated
from tests import make

BASE = "https://sozial.example"


def read(file):
    return Calendar.from_ical(file.content)


def entries(file):
    return read(file).walk("VEVENT")


def instant_as_written(entry, calendar_read, name="DTSTART"):
    """The instant an entry means when nothing but the rules in the file is known."""
    if "TZID" not in entry[name].params:
        return entry[name].dt
    zone = next(
        part for part in calendar_read.walk("VTIMEZONE") if part["TZID"] == entry[name].params["TZID"]
    )
    return entry[name].dt.replace(tzinfo=zone.to_tz(lookup_tzid=False))


def a_conference(host_key="rheine", **values):
    """A conference in Rheine that has a house, a title in two languages, and somebody to ask."""
    host = make.host(host_key, name="Stadt Rheine", phone="05971 1", email="rathaus@rheine.example")
    venue = make.venue(host, name="Mensa, Haus B", street="Schulstraße 5", postal_code="48429", city="Rheine")
    return make.conference(
        host,
        title=Translated({"de": "Sozialkonferenz Rheine; Teil 1", "ar": "مؤتمر راينه الاجتماعي"}),
        teaser=Translated("Wie leben wir?\nSagen Sie es uns."),
        starts_at=make.at("2026-06-11 15:00"),
        venue_id=venue.id,
        contact_phone="05971 000-000",
        contact_email="sozialplanung@rheine.example",
        **{"key": "sozialkonferenz-2026", "calendar_sequence": 3, **values},
    )
