"""What a file said at the last import and says now: the difference decides what is written.

Work done in the application since then survives a file that has changed elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.database import now
from app.domain.importing.findings import FileRefused, Finding, Path
from app.domain.importing.plans import Plan, digest
from app.domain.importing.reading import Source
from app.domain.importing.report import Report
from app.models import GroupChoice, Translated

# What a field means that a file named once and names no longer.
_EMPTY: dict[str, Any] = {
    **dict.fromkeys(("street", "postal_code", "city", "contact_role", "contact_phone", "contact_email"), ""),
    **dict.fromkeys(("motto", "kind_label", "teaser", "about", "costs", "children"), Translated()),
    **dict.fromkeys(("language_help", "afterwards", "contact_hours", "directions"), Translated()),
    "walk_in_quota": 0,
    "languages": ["de"],
    "has_queue": True,
    "makes_offers": False,
    "offer_hours": 48,
    "group_choice": GroupChoice.DIRECT,
}


class Ledger:
    """The file, the marks of the last import, and everything noted on the way."""

    def __init__(self, source: Source, plan: Plan, before: Mapping[str, Any] | None, report: Report) -> None:
        self.source = source
        self.plan = plan
        self.report = report
        self.before: dict[str, dict[str, str]] = (before or {}).get("applied", {})
        self.ids_before: dict[str, list[int]] = (before or {}).get("ids", {})
        self.imported_at: datetime | None = (before or {}).get("imported_at")
        self.applied: dict[str, dict[str, str]] = {}
        self.ids: dict[str, list[int]] = {}
        # One instant for all rows, so that later changes can be told from those of the import.
        self.at = now()
        # Contributions taken back in the application: of those the file's words are forgotten.
        self.withdrawn: set[str] = set()
        # Set when an entry somebody has saved in a calendar has become wrong.
        self.moves_calendar = False
        self._findings: list[Finding] = []

    def knows(self, entity: str) -> bool:
        """True when the last import has written this."""
        return entity in self.before

    def changes(self, entity: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """The fields in which the file differs from the last import; those no longer named become empty."""
        before = self.before.get(entity, {})
        now_said = self.applied[entity] = {name: digest(value) for name, value in values.items()}
        changed = {name: value for name, value in values.items() if before.get(name) != now_said[name]}
        changed.update((name, _EMPTY.get(name)) for name in before if name not in values)
        return changed

    def vanished(self, prefix: str) -> list[str]:
        """What the last import has written and the file no longer names: `group/` gives keys of groups."""
        return [
            name.removeprefix(prefix)
            for name in self.before
            if name.startswith(prefix) and name not in self.applied
        ]

    def count(self, what: str, *, is_new: bool, is_changed: bool) -> None:
        """Count one thing in the report."""
        self.report.count(what, "neu" if is_new else "geändert" if is_changed else "unverändert")

    def refuse(self, path: Path, found: str, expected: str) -> None:
        """Note something the data do not allow."""
        self._findings.append(self.source.remark(path, found, expected))

    def stop_if_refused(self) -> None:
        """Raises FileRefused when something has been noted."""
        if self._findings:
            raise FileRefused(self.source.file_name, self._findings)
