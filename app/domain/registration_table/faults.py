"""What is wrong with rows of a table, or worth a look: with the row, the column and what to do."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l


class Flaw(enum.Enum):
    FORMULA = "formula"
    TOO_LONG = "too_long"
    MORE_CELLS = "more_cells"
    ROLE_MISSING = "role_missing"
    ROLE_UNKNOWN = "role_unknown"
    EMAIL = "email"
    PHONE = "phone"
    LANGUAGE = "language"
    AGE = "age"
    AGE_OF_ADULT = "age_of_adult"
    GROUP_UNKNOWN = "group_unknown"
    GROUP_SEVERAL = "group_several"
    WISHES_TOO_MANY = "wishes_too_many"
    WISH_TWICE = "wish_twice"
    COLLISION = "collision"
    TOO_MANY_PEOPLE = "too_many_people"
    CONTRADICTION = "contradiction"
    SAME_ROW = "same_row"
    ANSWER = "answer"
    FULL = "full"
    # Only worth a look.
    CHILD_NAME = "child_name"
    NO_ADULT = "no_adult"
    KNOWN_CONTACT = "known_contact"
    KNOWN_NAME = "known_name"
    CONTACT_TWICE = "contact_twice"
    NAME_TWICE = "name_twice"


_SENTENCES: dict[Flaw, Any] = {
    Flaw.FORMULA: _l(
        "Hier steht eine Formel oder etwas, das wie eine beginnt: „%(cell)s“. Formeln nehmen wir nicht. "
        "Bitte tragen Sie den Wert selbst ein."
    ),
    Flaw.TOO_LONG: _l("Das ist zu lang: %(length)s Zeichen. Möglich sind höchstens %(most)s."),
    Flaw.MORE_CELLS: _l(
        "In dieser Zeile stehen mehr Zellen, als es Spalten gibt. Vielleicht ist ein Komma oder Semikolon zu viel."
    ),
    Flaw.ROLE_MISSING: _l("Hier fehlt, als was die Person kommt. Möglich sind: %(known)s."),
    Flaw.ROLE_UNKNOWN: _l("„%(cell)s“ kennen wir nicht. Möglich sind: %(known)s."),
    Flaw.EMAIL: _l("„%(cell)s“ ist keine E-Mail-Adresse. Richtig wäre zum Beispiel: name@beispiel.de"),
    Flaw.PHONE: _l("„%(cell)s“ ist keine Telefonnummer. Richtig wäre zum Beispiel: 0209 123456"),
    Flaw.LANGUAGE: _l("„%(cell)s“ spricht diese Konferenz nicht. Möglich sind: %(known)s."),
    Flaw.AGE: _l("„%(cell)s“ ist kein Alter. Das Alter eines Kindes ist eine Zahl von 0 bis 17."),
    Flaw.AGE_OF_ADULT: _l(
        "Als Kind zählt, wer höchstens 17 Jahre alt ist; hier steht %(cell)s. "
        "Bei Erwachsenen bleibt das Alter leer."
    ),
    Flaw.GROUP_UNKNOWN: _l(
        "Die Gruppe „%(cell)s“ gibt es in dieser Runde nicht. Bitte schreiben Sie Nummer oder Titel: %(known)s."
    ),
    Flaw.GROUP_SEVERAL: _l(
        "Hier stehen mehrere Gruppen: „%(cell)s“. Jede Person hat in einer Runde nur eine."
    ),
    Flaw.WISHES_TOO_MANY: _l("Hier stehen zu viele Wünsche. Möglich sind höchstens %(most)s je Runde."),
    Flaw.WISH_TWICE: _l("Hier steht dieselbe Gruppe zweimal. Bitte nennen Sie jede nur einmal."),
    Flaw.COLLISION: _l(
        "„%(group)s“ und „%(other)s“ sind zur gleichen Zeit. Bitte nennen Sie nur eine davon."
    ),
    Flaw.TOO_MANY_PEOPLE: _l(
        "Zum Haushalt „%(mark)s“ gehören %(people)s Zeilen. Höchstens %(most)s Personen passen in eine Anmeldung. "
        "Bitte teilen Sie sie auf mehrere auf."
    ),
    Flaw.CONTRADICTION: _l(
        "Hier steht „%(cell)s“, in Zeile %(row)s desselben Haushalts aber „%(other)s“. Ein Haushalt ist eine "
        "Anmeldung. Bitte schreiben Sie überall dasselbe oder nur einmal etwas."
    ),
    Flaw.SAME_ROW: _l("Diese Zeile steht schon in Zeile %(row)s. Bitte löschen Sie eine von beiden."),
    Flaw.ANSWER: _l("%(sentence)s"),
    Flaw.FULL: _l("Dafür sind keine Plätze mehr frei, und diese Konferenz hat keine Warteliste."),
    Flaw.CHILD_NAME: _l("Von Kindern speichern wir keinen Namen, nur das Alter."),
    Flaw.NO_ADULT: _l(
        "In dieser Anmeldung ist keine erwachsene Person. Gehört jemand dazu? Dann tragen Sie bei allen, die zusammen "
        "kommen, in der Spalte „%(column)s“ dasselbe ein."
    ),
    Flaw.KNOWN_CONTACT: _l(
        "Mit dieser Adresse oder Nummer ist schon jemand angemeldet. Ist es dieselbe Anmeldung?"
    ),
    Flaw.KNOWN_NAME: _l("Unter diesem Namen ist schon jemand angemeldet. Ist es dieselbe Person?"),
    Flaw.CONTACT_TWICE: _l("Dieselbe Adresse oder Nummer steht schon in Zeile %(row)s."),
    Flaw.NAME_TWICE: _l("Derselbe Name steht schon in Zeile %(row)s."),
}


@dataclass(frozen=True)
class Fault:
    """One thing about one cell, or about a whole row where `column` is empty."""

    row: int
    column: str
    flaw: Flaw
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def sentence(self) -> str:
        """What is so, and what to do."""
        return str(_SENTENCES[self.flaw]) % self.values
