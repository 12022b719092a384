"""The columns of a table of registrations: what each is called, also by other programs, and what it means here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from app.domain.errors import ColumnMissing, ColumnNameless, ColumnTwice, ColumnUnknown
from app.domain.registration_table import Table, place_of
from app.models import Question

# The German name of each column, and other names it is given; in the order of the template.
NAMES = {
    "household": ("Haushalt", "Haushaltsnummer", "Familie"),
    "name": ("Name", "Vor- und Nachname", "Vorname und Nachname", "Person", "Teilnehmende", "Teilnehmer*in"),
    "role": ("Kommt als", "Nimmt teil als", "Teilnahme als", "Ich komme als", "Rolle", "Personengruppe"),
    "organisation": (
        "Einrichtung",
        "Einrichtung, Verein oder Partei",
        "Verein",
        "Organisation",
        "Institution",
        "Träger",
        "Partei",
    ),
    "email": ("E-Mail", "Mail", "E-Mail-Adresse", "Mailadresse", "Email address"),
    "phone": ("Telefon", "Telefonnummer", "Tel.", "Tel.-Nr.", "Handy", "Mobil", "Mobilnummer", "Rufnummer"),
    "address": ("Anschrift", "Adresse", "Postanschrift", "Straße und Ort"),
    "language": ("Sprache", "Sprache für Nachrichten"),
    "age": ("Alter", "Alter (Kind)", "Alter des Kindes", "Alter in Jahren"),
}
REQUIRED = "role"
# What the list of rows to mend adds; it comes back with them and says nothing new.
ROW, WRONG = "Zeile", "Was nicht stimmt"
_ROUND = re.compile(r"(?:gruppe|arbeitsgruppe|ag|thementisch|wunsch|wünsche)?(?:in)?runde(\d{1,3})")
_ONLY_ROUND = frozenset({"gruppe", "arbeitsgruppe", "ag", "thementisch", "runde", "wunsch", "wünsche"})


@dataclass(frozen=True)
class Column:
    """What one column means: a field of NAMES, the groups of a round, or a question of the conference's own."""

    meaning: str
    label: str
    number: int = 0


def plain(name: str) -> str:
    """A name without capitals, blanks and signs, to compare it with others."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


_MEANINGS = {plain(name): meaning for meaning, names in NAMES.items() for name in names}


def names_role(cells: Iterable[str]) -> bool:
    """Whether these cells look like the names of columns: one of them is the required one."""
    return any(_MEANINGS.get(plain(cell)) == REQUIRED for cell in cells)


def labels(rounds: Collection[int], questions: Sequence[Question]) -> list[str]:
    """The columns a table for this conference can have, as the template names them."""
    return [
        *(names[0] for names in NAMES.values()),
        *(round_label(number) for number in sorted(rounds)),
        *(str(question.label) for question in questions),
    ]


def round_label(number: int) -> str:
    return f"Runde {number}"


def understood(table: Table, rounds: Collection[int], questions: Sequence[Question]) -> list[Column | None]:
    """The meaning of each column; None for one without a name in which nothing stands.

    Raises ColumnUnknown, ColumnNameless, ColumnTwice, ColumnMissing: each names the column.
    """
    asked = {plain(str(question.label)): question.id for question in questions}
    found: list[Column | None] = []
    for index, name in enumerate(table.header.cells):
        if plain(name):
            column = _meaning(name, rounds, asked)
            if column is None:
                known = ", ".join(f"„{label}“" for label in labels(rounds, questions))
                raise ColumnUnknown(place=place_of(index), name=name[:60], known=known)
            found.append(column)
            continue
        row = next((row for row in table.rows if len(row.cells) > index and row.cells[index]), None)
        if row is not None:
            raise ColumnNameless(place=place_of(index), row=row.number)
        found.append(None)
    _refuse_twice(found)
    if all(column is None or column.meaning != REQUIRED for column in found):
        names = ", ".join(f"„{name[:60]}“" for name in table.header.cells if name)
        raise ColumnMissing(name=NAMES[REQUIRED][0], row=table.header.number, found=names)
    return found


def _meaning(name: str, rounds: Collection[int], asked: dict[str, int]) -> Column | None:
    key = plain(name)
    if key in (plain(ROW), plain(WRONG)):
        return Column("", name)
    if key in _MEANINGS:
        meaning = _MEANINGS[key]
        return Column(meaning, NAMES[meaning][0])
    said = _ROUND.fullmatch(key)
    if said and int(said[1]) in rounds:
        return Column("round", round_label(int(said[1])), int(said[1]))
    if key in _ONLY_ROUND and len(rounds) == 1:
        (number,) = rounds
        return Column("round", round_label(number), number)
    if key in asked:
        return Column("question", name, asked[key])
    return None


def _refuse_twice(columns: Sequence[Column | None]) -> None:
    seen: dict[tuple[str, int], int] = {}
    for index, column in enumerate(columns):
        if column is None or not column.meaning:
            continue
        first = seen.setdefault((column.meaning, column.number), index)
        if first != index:
            raise ColumnTwice(first=place_of(first), second=place_of(index), name=column.label)
