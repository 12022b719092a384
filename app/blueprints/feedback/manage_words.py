"""Words of moderation: shelves, the sentence to somebody whose contribution is not shown, hints for a second look."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.queries.moderation import Shelf
from app.domain.second_look import Hint
from app.models import RejectionReason

SHELVES: dict[Shelf, Any] = {
    Shelf.UNDECIDED: _l("warten auf Entscheidung"),
    Shelf.REPORTED: _l("von Lesenden gemeldet"),
    Shelf.PUBLISHED: _l("veröffentlicht"),
    Shelf.DUPLICATE: _l("gleiche Beiträge"),
    Shelf.REJECTED: _l("nicht veröffentlicht"),
    Shelf.FORWARDED: _l("weitergeleitet"),
    Shelf.WITHDRAWN: _l("zurückgezogen"),
}

# To the author, in German: they read it with the code.
REPLIES: dict[RejectionReason, str] = {
    RejectionReason.PERSONAL_DATA: (
        "Wir haben Ihre Idee gelesen. Wir veröffentlichen sie nicht, weil sie den Namen oder die Adresse einer "
        "Person enthält. Sie können sie ohne Namen noch einmal schicken."
    ),
    RejectionReason.INSULT: (
        "Wir haben Ihre Idee gelesen. Wir veröffentlichen sie nicht, weil sie jemanden beleidigt. "
        "Sie können sie mit anderen Worten noch einmal schicken."
    ),
    RejectionReason.ACCUSATION: (
        "Wir haben Ihre Idee gelesen. Wir veröffentlichen sie nicht, weil sie jemanden beschuldigt. "
        "Rufen Sie uns gern an: Wir sagen Ihnen, wer Ihnen helfen kann."
    ),
    RejectionReason.ADVERTISING: (
        "Wir haben Ihren Text gelesen. Wir veröffentlichen ihn nicht, weil er Werbung ist. "
        "Sagen Sie uns gern ohne Werbung, was Ihnen wichtig ist."
    ),
    RejectionReason.UNLAWFUL: (
        "Wir haben Ihren Text gelesen. Wir veröffentlichen ihn nicht, weil das Gesetz es verbietet. "
        "Rufen Sie uns an, wenn Sie Fragen dazu haben."
    ),
    RejectionReason.OFF_TOPIC: (
        "Wir haben Ihre Idee gelesen. Wir veröffentlichen sie hier nicht, weil sie nicht zu dieser Konferenz gehört. "
        "Rufen Sie uns gern an: Wir sagen Ihnen, wer zuständig ist."
    ),
    RejectionReason.ILLEGIBLE: (
        "Wir haben Ihren Text gelesen und leider nicht verstanden. Darum veröffentlichen wir ihn nicht. "
        "Sie können ihn mit anderen Worten noch einmal schicken oder uns anrufen."
    ),
}

HINTS: dict[Hint, Any] = {
    Hint.NAME: _l("Vielleicht der Name einer Person"),
    Hint.PHONE: _l("Vielleicht eine Telefonnummer"),
    Hint.EMAIL: _l("Eine E-Mail-Adresse"),
    Hint.ADDRESS: _l("Vielleicht eine Adresse"),
    Hint.IBAN: _l("Vielleicht eine Kontonummer"),
    Hint.MINOR: _l("Vielleicht geht es um ein Kind mit Namen"),
}
# Noted with the decision when staff publish what they have just entered.
PUBLISHED_AT_ENTRY = _l("gleich beim Eintragen veröffentlicht")
