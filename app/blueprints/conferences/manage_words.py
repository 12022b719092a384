"""Words of the conference editor: what each step of a conference is called, asks and says afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.lifecycle import Step


@dataclass(frozen=True)
class StepWords:
    """A step as its button, its page and its message say it; `slug` is its part of the address."""

    slug: str
    button: Any
    question: Any
    consequence: Any
    done: Any
    kind: str = "primary"
    # Said only where somebody has registered.
    people: Any = ""
    # The part of the address of the message with which they are told.
    message: str = ""


_TELL_THEM = _l(
    "Die Angemeldeten bekommen keine Nachricht von selbst. Eine Nachricht an alle ist vorbereitet: Sie prüfen sie nach "
    "diesem Schritt und geben sie frei. Wer keine E-Mail-Adresse genannt hat, bekommt einen Brief oder einen Anruf."
)

STEPS: dict[Step, StepWords] = {
    Step.PUBLISH: StepWords(
        "veroeffentlichen",
        _l("Veröffentlichen"),
        _l("Konferenz veröffentlichen?"),
        _l("Alle können die Seite sehen und sich in der Anmeldezeit anmelden."),
        _l("Die Konferenz ist veröffentlicht."),
    ),
    Step.ANNOUNCE: StepWords(
        "ankuendigen",
        _l("Nur ankündigen"),
        _l("Konferenz ankündigen?"),
        _l("Alle können die Seite sehen. Anmelden kann sich noch niemand."),
        _l("Die Konferenz ist angekündigt."),
        kind="secondary",
    ),
    Step.CLOSE_SIGNUP: StepWords(
        "schliessen",
        _l("Anmeldung schließen"),
        _l("Anmeldung schließen?"),
        _l(
            "Niemand kann sich mehr selbst anmelden. "
            "Sie können weiter Menschen eintragen und die Anmeldung wieder öffnen."
        ),
        _l("Die Anmeldung ist geschlossen."),
        kind="secondary",
    ),
    Step.REOPEN_SIGNUP: StepWords(
        "oeffnen",
        _l("Anmeldung wieder öffnen"),
        _l("Anmeldung wieder öffnen?"),
        _l("Alle können sich wieder anmelden, solange die Anmeldezeit läuft und Plätze frei sind."),
        _l("Die Anmeldung ist wieder offen."),
    ),
    Step.POSTPONE: StepWords(
        "verschieben",
        _l("Konferenz verschieben"),
        _l("Konferenz verschieben?"),
        _l(
            "Auf der Seite steht, dass die Konferenz verschoben ist. Wer angemeldet ist, bleibt angemeldet. "
            "Den neuen Termin tragen Sie danach ein und öffnen dann die Anmeldung wieder."
        ),
        _l("Die Konferenz ist verschoben. Tragen Sie den neuen Termin ein, sobald er feststeht."),
        kind="secondary",
        people=_TELL_THEM,
        message="verschoben",
    ),
    Step.WITHDRAW: StepWords(
        "zurueckziehen",
        _l("Zum Entwurf machen"),
        _l("Veröffentlichung zurückziehen?"),
        _l("Die Seite ist nicht mehr öffentlich. Das geht nur, solange sich niemand angemeldet hat."),
        _l("Die Konferenz ist wieder ein Entwurf."),
        kind="secondary",
    ),
    Step.CANCEL: StepWords(
        "absagen",
        _l("Konferenz absagen"),
        _l("Konferenz absagen?"),
        _l("Auf der Seite steht, dass die Konferenz nicht stattfindet. Das lässt sich nicht zurücknehmen."),
        _l("Die Konferenz ist abgesagt."),
        kind="danger",
        people=_TELL_THEM,
        message="konferenz-abgesagt",
    ),
    Step.DOCUMENT: StepWords(
        "dokumentieren",
        _l("Mit der Dokumentation beginnen"),
        _l("Mit der Dokumentation beginnen?"),
        _l(
            "Die Konferenz gilt als vorbei: Niemand kann sich mehr anmelden. "
            "Sie tragen ein, was gesagt wurde, und schreiben die Empfehlungen. "
            "Beiträge bleiben so lange möglich, wie Sie es eingestellt haben."
        ),
        _l("Die Konferenz ist jetzt in Dokumentation."),
    ),
    Step.ARCHIVE: StepWords(
        "archivieren",
        _l("Ins Archiv legen"),
        _l("Konferenz ins Archiv legen?"),
        _l("Die Seite ist nicht mehr öffentlich. Sie können sie hier weiter ansehen und kopieren."),
        _l("Die Konferenz liegt im Archiv."),
        kind="secondary",
    ),
}

# Endpoint of the page that has what is missing.
PAGE_OF = {
    "texts": "edit_texts",
    "schedule": "edit_schedule",
    "venue": "edit_venue",
}

# What the texts of a conference are called beside their translation.
TEXT_NAMES: dict[str, Any] = {
    "title": _l("Titel"),
    "motto": _l("Motto"),
    "kind_label": _l("Eigene Bezeichnung"),
    "teaser": _l("Worum geht es, in zwei Sätzen?"),
    "about": _l("Worum geht es genauer?"),
    "costs": _l("Was kostet es?"),
    "children": _l("Können Kinder mitkommen?"),
    "language_help": _l("Welche Hilfe gibt es für andere Sprachen?"),
    "afterwards": _l("Was passiert mit den Ideen, und wer entscheidet?"),
    "contact_hours": _l("Wann erreicht man Sie?"),
    "directions": _l("Wie kommt man hin?"),
    "speaker_role": _l("Wer spricht?"),
    "description": _l("Worum geht es?"),
    "questions": _l("Leitfragen"),
    "facilitator_role": _l("Wer leitet das Gespräch?"),
}
