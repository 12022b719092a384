"""All texts of a conference in a further language."""

from __future__ import annotations

import pytest

from app.database import db
from app.domain import conferences, groups, programme, translations, venues
from app.domain.errors import ChangedMeanwhile
from app.models import AgendaKind, Conference
from tests import make

pytestmark = pytest.mark.usefixtures("app")


def planned() -> Conference:
    host = make.host()
    house = venues.add(host, {"name": "Haus", "directions": "Bus 3"})
    conference = make.conference(host, venue_id=house.id, languages=["de", "ar"])
    conferences.edit(conference, {"title": "Konferenz", "teaser": "Kommen Sie"})
    programme.add(
        conference,
        {
            "kind": AgendaKind.WELCOME,
            "title": "Begrüßung",
            "speaker_role": "",
            "starts_at": conference.starts_at,
            "ends_at": conference.ends_at,
            "room_id": None,
        },
    )
    groups.add(conference, {"title": "Wohnen", "questions": "Was fehlt?"}, capacity=5)
    return conference


def fields(conference: Conference) -> dict[str, str]:
    return {text.field: text.german for text in translations.texts(conference)}


def test_texts_are_all_that_is_written_in_german() -> None:
    conference = planned()
    (item,), (group,) = conference.agenda, conference.groups

    assert fields(conference) == {
        "conference-title": "Konferenz",
        "conference-teaser": "Kommen Sie",
        f"venue-{conference.venue_id}-directions": "Bus 3",
        f"agenda_item-{item.id}-title": "Begrüßung",
        f"working_group-{group.id}-title": "Wohnen",
        f"working_group-{group.id}-questions": "Was fehlt?",
    }


def test_save_fills_one_language_and_an_empty_text_takes_it_out() -> None:
    conference = planned()
    wanted = {field: f"ar:{german}" for field, german in fields(conference).items()}

    translations.save(conference, "ar", wanted)

    assert translations.progress(conference, "ar") == (6, 6)
    assert conference.title == {"de": "Konferenz", "ar": "ar:Konferenz"}
    assert conference.groups[0].questions == {"de": "Was fehlt?", "ar": "ar:Was fehlt?"}
    translations.save(conference, "ar", {"conference-title": ""})
    assert conference.title == {"de": "Konferenz"}
    assert translations.progress(conference, "ar") == (5, 6)


def test_save_shows_at_every_conference_of_the_venue() -> None:
    conference = planned()
    neighbour = make.conference(conference.host, venue_id=conference.venue_id)

    translations.save(conference, "ar", {f"venue-{conference.venue_id}-directions": "باص"})

    db.session.expire_all()
    assert (neighbour.version, neighbour.venue and neighbour.venue.directions["ar"]) == (2, "باص")


def test_save_leaves_out_what_is_gone_and_works_without_a_venue() -> None:
    conference = planned()
    conferences.choose_venue(conference, None)
    group = conference.groups[0].id
    groups.remove(conference.groups[0])

    translations.save(
        conference, "ar", {f"working_group-{group}-title": "السكن", "conference-title": "مؤتمر"}
    )

    assert conference.title["ar"] == "مؤتمر"


def test_save_is_refused_when_somebody_was_quicker() -> None:
    conference = planned()
    shown = translations.seen(conference, "ar")
    wanted = dict.fromkeys(fields(conference), "")
    translations.save(conference, "ar", {**wanted, "conference-title": "أ"}, shown=shown)

    with pytest.raises(ChangedMeanwhile):
        translations.save(conference, "ar", {**wanted, "conference-title": "ب"}, shown=shown)

    assert conference.title["ar"] == "أ"
