"""Printing for the day: what one can choose, the file, and who stands on no sheet."""

import io
import secrets
import sys

import pytest
from pypdf import PdfReader

from app.blueprints.day import printing
from app.database import db, transaction
from app.domain import registrations
from app.domain.registrations import Details, Person
from app.domain.support import Wanted
from app.exports import apart
from app.exports.print import pack
from app.exports.print.labels import SHEETS
from app.exports.print.pack import Part, Wishes
from app.models import (
    ContactChannel,
    NeedKind,
    RegistrationStatus,
    RoleGroup,
    Room,
    SupportOffer,
    Translated,
)
from tests import make
from tests.browse import visit, words
from tests.exports.test_pdf import faults

EVERYTHING = "?" + "&".join(f"teile={part.value}" for part in Part)


def register(conference, *people, name="", **details):
    registration, _code = registrations.register(
        conference,
        Details(RoleGroup.RESIDENT, display_name=name, **details),
        people,
        submission=secrets.token_urlsafe(24),
        by=make.staff_member(of=conference.host),
    )
    return registration


def printed(app, conference):
    """Everything a pack says, as HTML."""
    with app.test_request_context():
        return pack.html(printing.event_of(conference), Wishes(tuple(Part)))


def test_the_page_offers_all_parts_and_sheets(helper, conference, base):
    register(conference, Person(name="Maria"), Person(age=3))

    page = visit(helper, f"{base}/druck")

    chosen = [
        box.get("value") for box in page.all("input", type="checkbox") if box.get("checked") is not None
    ]
    assert chosen == [part.value for part in Part]
    assert [option.get("value") for option in page.all("option")] == list(SHEETS)
    assert "2 Personen haben einen Platz." in page.text


def test_the_pack_comes_as_pdf_that_conforms(helper, conference, base):
    make.group(conference, title="Wohnen")
    register(conference, Person(name="محمد الخطيب"), Person(name="Maria Schmidt"))

    answer = helper.get(f"{base}/druckpaket.pdf{EVERYTHING}&bogen=herma-4103&beginn=4&leer=2")

    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.data)).pages)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    assert faults(answer.data, "ua1") + faults(answer.data, "2a") == []
    assert [word for word in ("Maria", "Schmidt", "محمد", "Wohnen") if word not in text] == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?bogen=papier", "mindestens ein Blatt"),
        ("?teile=plakat&bogen=gibtsnicht", "aus der Liste"),
        ("?teile=plakat&bogen=papier&beginn=11", "Auf diesem Bogen sind 10 Schilder"),
        ("?teile=plakat&bogen=papier&beginn=0", "Auf diesem Bogen sind 10 Schilder"),
        ("?teile=plakat&bogen=papier&leer=9999", "von 0 bis 200"),
        ("?teile=kontakte&bogen=papier", "aus der Liste"),
    ],
)
def test_what_cannot_be_printed_is_told(helper, conference, base, query, said):
    page = visit(helper, f"{base}/druckpaket.pdf{query}", status=422)

    assert said in page.everything


def test_without_choice_the_file_leads_to_the_page(helper, conference, base):
    assert visit(helper, f"{base}/druckpaket.pdf", status=302).location == f"{base}/druck"


def test_a_drawing_that_fails_is_told_on_the_page(helper, conference, base, monkeypatch):
    monkeypatch.setattr(apart, "command", lambda *_: [sys.executable, "-c", "raise SystemExit(1)"])

    page = visit(helper, f"{base}/druckpaket.pdf{EVERYTHING}&bogen=papier", status=503)

    assert "Das Drucken ist gerade nicht gelungen" in page.everything


def test_who_waits_has_an_offer_or_does_not_come_stands_on_no_sheet(app, conference):
    with transaction():
        conference.capacity, conference.walk_in_quota = 2, 0
        conference.makes_offers = True
    full = make.group(conference, capacity=1, title="Wohnen").rounds[0]
    seat = {1: full.id}
    register(conference, Person(name="Erste Sitzende", groups=seat))
    gone = register(conference, Person(name="Weg Gegangene"))
    offered = register(
        conference,
        Person(name="Gefragte Person"),
        contact_channel=ContactChannel.EMAIL,
        contact="gefragt@stadt.example",
    )
    waiting = register(conference, Person(name="Wartende Person", groups=seat))
    with transaction():
        conference.starts_at = conference.ends_at = make.at("2099-01-01 12:00")
        conference.ends_at = make.at("2099-01-01 15:00")
    registrations.cancel(gone)

    source = printed(app, conference)

    assert [entry.status for entry in (gone, offered, waiting)] == [
        RegistrationStatus.CANCELLED,
        RegistrationStatus.OFFERED,
        RegistrationStatus.WAITLISTED,
    ]
    assert "Erste Sitzende" in source
    assert [name for name in ("Weg Gegangene", "Gefragte", "Wartende") if name in source] == []


def test_who_waits_for_a_group_is_not_in_it_on_paper(app, conference):
    full, other = make.group(conference, capacity=1).rounds[0], make.group(conference, capacity=1).rounds[0]
    register(conference, Person(name="Sitzt Fest", groups={1: full.id}))
    register(conference, Person(name="Wartet Noch", groups={1: full.id}))
    register(conference, Person(name="Woanders", groups={1: other.id}))

    source = printed(app, conference)

    row = source[source.index("Wartet Noch</strong>") :]
    assert row[: row.index("</tr>")].count("AG") == 0
    assert row[: row.index("</tr>")].count("–") == 1


def test_no_needs_no_contacts_and_no_codes_are_printed(app, conference):
    with transaction():
        for kind in (NeedKind.WHEELCHAIR, NeedKind.DIET):
            db.session.add(SupportOffer(host_id=conference.host_id, conference_id=conference.id, kind=kind))
    needs = [Wanted(NeedKind.WHEELCHAIR), Wanted(NeedKind.DIET, "halal")]
    register(
        conference,
        Person(name="Maria Schmidt", needs=needs),
        contact_channel=ContactChannel.PHONE,
        contact="0151 999999",
    )

    source = printed(app, conference).lower()

    assert "maria schmidt" in source
    assert [word for word in ("halal", "rollstuhl", "0151", "einlass-") if word in source] == []


def test_rooms_times_and_address_are_those_of_the_conference(app, conference):
    group = make.group(conference, rounds=2, title="Armut")
    with transaction():
        room = Room(host_id=conference.host_id, venue_id=conference.venue_id, name="Raum 12")
        db.session.add(room)
        db.session.flush()
        group.room_id = room.id
        group.questions = Translated("Was hilft?")
        conference.costs = Translated("Alles ist frei.")

    source = printed(app, conference)

    expected = (
        "Raum 12",
        "Was hilft?",
        "Alles ist frei.",
        "Hauptstraße 2",
        "02000 54321",
        f"localhost/{conference.host.key}/{conference.key}/anmeldung",
    )
    assert [word for word in expected if word not in source] == []


def test_names_to_be_written_by_hand_are_named_before(helper, conference, base):
    register(conference, Person(name="ሰላም"))

    page = visit(helper, f"{base}/druck")

    notice = next(words(item) for item in page.all("li") if "ሰላም" in words(item))
    assert notice == "ሰላም"
    assert "Bitte von Hand schreiben" in page.text
