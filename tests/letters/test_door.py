"""The QR code for the door on letters: who gets it, and that a camera reads it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader
from sqlalchemy import select

from app.database import db, now, transaction
from app.domain import day, notices, registrations
from app.exports import letter as paper
from app.exports.letter import Picture
from app.letters import desk
from app.letters import paper as on_paper
from app.models import ConferenceStatus, ContactChannel, Message, MessageKind, Registration
from tests import make
from tests.exports.test_pdf import faults

BY_POST: dict[str, Any] = {"contact_channel": ContactChannel.POST, "contact": "Weg 1, 12345 Stadt"}


def pictures(letter: paper.Letter) -> list[Picture]:
    return [block for block in letter.blocks if isinstance(block, Picture)]


def read(browser: Browser, picture: Picture, project_root: Any) -> str:
    """What the reader of the door's page finds in this picture."""
    page = browser.new_page()
    try:
        page.evaluate((project_root / "static/vendor/jsqr-1.4.0/jsQR.js").read_text(encoding="utf-8"))
        found: str = page.evaluate(
            """async address => {
                const picture = new Image();
                picture.src = address;
                await picture.decode();
                const canvas = document.createElement("canvas");
                canvas.width = canvas.height = 400;
                const context = canvas.getContext("2d");
                context.fillStyle = "white";
                context.fillRect(0, 0, 400, 400);
                context.drawImage(picture, 0, 0, 400, 400);
                return jsQR(context.getImageData(0, 0, 400, 400).data, 400, 400)?.data;
            }""",
            picture.address,
        )
    finally:
        page.close()
    return found


def test_the_letter_of_the_desk_holds_a_code_the_door_can_read(
    app: Any, browser: Browser, project_root: Any
) -> None:
    registration, code = make.registered(make.conference(), **BY_POST)

    (picture,) = pictures(desk.write(registration, code, [], now()))

    assert picture.words == "QR-Code für den Einlass"
    mark = read(browser, picture, project_root)
    assert day.by_what_was_shown(registration.conference, mark) == registration
    # Whoever reads it over a shoulder can open nothing.
    assert code not in mark


def test_a_letter_to_print_holds_it_and_conforms(app: Any) -> None:
    registration = make.registration(make.conference(), **BY_POST)

    letter = on_paper.on_paper(db.session.scalars(select(Message)).one())

    assert len(pictures(letter)) == 1
    made = paper.letters_pdf([letter])
    assert faults(made, "ua1") == faults(made, "2a") == []
    said = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(made)).pages)
    assert "Für den Einlass" in said
    assert day.door_mark(registration) not in said


@pytest.mark.parametrize("gone", ["waiting", "cancelled", "called off"])
def test_without_a_place_or_a_door_no_letter_holds_it(app: Any, gone: str) -> None:
    conference = make.conference(capacity=1)
    first = make.registration(conference)
    registration = make.registration(conference, **BY_POST) if gone == "waiting" else first
    if gone == "cancelled":
        registrations.cancel(registration)
    elif gone == "called off":
        with transaction():
            conference.status = ConferenceStatus.CANCELLED

    assert pictures(desk.write(registration, "", [], now())) == []


def test_letters_that_nobody_brings_along_do_without_it(app: Any) -> None:
    registration: Registration = make.registration(make.conference(), **BY_POST)
    with transaction():
        notices.need_answered(registration, "1")

    answered = db.session.scalars(select(Message).where(Message.kind == MessageKind.NEED_ANSWERED)).one()

    assert pictures(on_paper.on_paper(answered)) == []
