"""What is wrong in a file: where, what was found, what was expected, in plain German."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.domain.errors import DomainError

Path = tuple[str | int, ...]

SHOWN_AT_ONCE = 100
LONGEST_QUOTE = 60


@dataclass(frozen=True)
class Finding:
    """One thing that keeps a file from being imported."""

    line: int | None
    path: Path
    found: str
    expected: str
    hint: str = ""

    def sentence(self) -> str:
        """What was found and what was expected, in whole sentences."""
        parts = [f"Gefunden: {self.found}.", f"Erwartet: {self.expected}."]
        if self.hint:
            parts.append(self.hint)
        return " ".join(parts)

    def located(self, file_name: str) -> str:
        """The sentence with file, line and field before it."""
        places = [visible(file_name)]
        if self.line is not None:
            places.append(f"Zeile {self.line}")
        if self.path:
            places.append(field_path(self.path))
        return f"{', '.join(places)}: {self.sentence()}"


class FileRefused(DomainError):
    """A file cannot be imported as it is; nothing has changed. `findings` stand in the order of the lines."""

    def __init__(self, file_name: str, findings: Iterable[Finding]) -> None:
        super().__init__()
        self.file_name = file_name
        unique = dict.fromkeys(findings)
        self.findings = sorted(
            unique, key=lambda finding: (finding.line or 0, [str(part) for part in finding.path])
        )

    def __str__(self) -> str:
        shown = [finding.located(self.file_name) for finding in self.findings[:SHOWN_AT_ONCE]]
        more = len(self.findings) - SHOWN_AT_ONCE
        if more > 0:
            shown.append(f"… und {more} weitere Fehler. Beheben Sie zuerst die genannten.")
        return "\n".join(shown)


def field_path(path: Path) -> str:
    """A path as people read it: `working_groups[2].capacity`, counted from 0."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{visible(part)}" if text else visible(part)
    return text


def visible(text: str) -> str:
    """`text` on one line, shortened; what cannot be seen or turns the writing direction is spelled out."""
    if len(text) > LONGEST_QUOTE:
        text = f"{text[: LONGEST_QUOTE - 1]}…"
    return "".join(
        f"\\u{ord(char):04x}" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") else char
        for char in text
    )


def quote(value: Any) -> str:
    """A value of the file as it is named in a sentence."""
    if value is None:
        return "nichts"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "ein Block mit Unterfeldern" if value else "ein leerer Block"
    if isinstance(value, list):
        return "eine Liste" if value else "eine leere Liste"
    if isinstance(value, str):
        return f"„{visible(value)}“" if value else "ein leerer Text"
    return f"die Zahl {visible(str(value))}"


def names(values: Iterable[str], *, last: str = "oder") -> str:
    """`a, b oder c`."""
    listed = [visible(value) for value in values]
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"
