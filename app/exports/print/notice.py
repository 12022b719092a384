"""Poster (A4) and flyer (A5): what it is, when and where, and how to register: by telephone as well."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

import segno

from app.exports.print.event import Event


@dataclass(frozen=True)
class Notice:
    """What stands on both."""

    event: Event
    # The QR code as an address of its picture, and where it leads, as one reads it.
    qr: str
    shown_address: str


def prepare(event: Event) -> Notice:
    return Notice(event, picture(event.address), event.address.split("://", 1)[-1])


def picture(text: str) -> str:
    """A QR code as a `data:` address; it still reads when a corner is torn or dirty."""
    drawn = io.BytesIO()
    segno.make(text, error="q", micro=False).save(drawn, kind="svg", border=2, scale=4)
    return "data:image/svg+xml;base64," + base64.b64encode(drawn.getvalue()).decode()
