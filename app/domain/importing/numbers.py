"""Numbers that are part of addresses: those a file gives, and the next free ones for the others, in its order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.domain.importing.ledger import Ledger
from app.domain.importing.plans import Entry, GroupPlan


class Numbers:
    """The numbers of the entries of one section."""

    def __init__(self, ledger: Ledger, section: str, taken: Mapping[int, str], last: int = 0) -> None:
        """`taken` says who has which number in the database; numbers up to `last` are never given again."""
        self._ledger = ledger
        self._section = section
        self._taken = dict(taken)
        self._reserved: set[int] = set()
        self._start = self.last = max([last, *taken])

    def reserve(self, entries: Iterable[Entry | GroupPlan]) -> None:
        """Keep the numbers the file names for those it names them for; a finding where somebody else has one."""
        for entry in entries:
            if entry.number is None:
                continue
            if self._taken.get(entry.number, entry.key) != entry.key:
                found = f"die Nummer {entry.number}"
                expected = "eine Nummer, die in der Anwendung noch frei ist"
                self._ledger.refuse((self._section, entry.index, "number"), found, expected)
            self._reserved.add(entry.number)
        self._ledger.stop_if_refused()

    def of(self, entry: Entry | GroupPlan) -> int:
        """The number of a new entry."""
        if entry.number is not None:
            self.last = max(self.last, entry.number)
            return entry.number
        self._start += 1
        while self._start in self._reserved:
            self._start += 1
        self.last = max(self.last, self._start)
        return self._start
