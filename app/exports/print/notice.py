"""Poster (A4) and flyer (A5): what it is, when and where, and how to register: by telephone as well."""

from __future__ import annotations

from dataclasses import dataclass

from app.exports import qr
from app.exports.print.event import Event


@dataclass(frozen=True)
class Notice:
    """What stands on both."""

    event: Event
    # The QR code as an address of its picture, and where it leads, as one reads it.
    qr: str
    shown_address: str


def prepare(event: Event) -> Notice:
    return Notice(event, qr.picture(event.address), event.address.split("://", 1)[-1])
