"""What an import has done, for whoever ran it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from app.domain.importing.findings import visible

_STATES = ("neu", "geändert", "unverändert", "entfernt")


@dataclass
class Report:
    """Counts and sentences; `str(report)` is what the command prints."""

    file_name: str
    host: str = ""
    conference: str = ""
    is_new: bool = False
    is_demo: bool = False
    dry_run: bool = False
    # The same file once more: nothing was written.
    unchanged: bool = False
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def count(self, what: str, state: str, number: int = 1) -> None:
        """Add to the line of `what`."""
        self.counts.setdefault(what, Counter())[state] += number

    def note(self, sentence: str) -> None:
        """Say something once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def __str__(self) -> str:
        name = visible(self.file_name)
        if self.unchanged:
            return f"{name}: unverändert seit dem letzten Import. Es hat sich nichts geändert.\n{self.conference}"
        head = "geprüft, nichts gespeichert (Probelauf)" if self.dry_run else "gespeichert"
        state = "neu" if self.is_new else "auf dem Stand der Datei"
        mark = " (Demo: erfunden)" if self.is_demo else ""
        lines = [
            f"{name}: {head}.",
            f"{self.conference}: {state}{mark}.",
            f"Stadt: {self.host}.",
        ]
        for what, states in self.counts.items():
            listed = ", ".join(f"{states[state]} {state}" for state in _STATES if states[state])
            if listed:
                lines.append(f"{what}: {listed}")
        lines += self.places
        if self.kept:
            lines += ["", "Geprüft und aufgehoben, aber noch nicht gezeigt:"]
            lines += [f"  - {line}" for line in self.kept]
        if self.notes:
            lines += ["", "Hinweise:"]
            lines += [f"  - {sentence}" for sentence in self.notes]
        return "\n".join(lines)
