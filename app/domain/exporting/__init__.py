"""Exporting conferences: the file an import reads, made again from what the database holds by now."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from app.domain import import_records
from app.domain.exporting import yaml_text
from app.domain.exporting.gathering import gather
from app.domain.importing import notation, schema, spelling, spelling_form
from app.models import AgendaItem, Conference

__all__ = ["Exported", "conference"]

_NO_FILE_NAME = re.compile(r"[^A-Za-z0-9ÄÖÜäöüß._ -]")


@dataclass(frozen=True)
class Exported:
    """A conference file, and the picture that lies beside it where the host has one."""

    text: str = field(repr=False)
    logo: tuple[str, bytes] | None = field(repr=False)


def conference(of: Conference, *, with_contacts: bool = False, with_logo: bool = True) -> Exported:
    """The file of a conference as it is now, with all that the last imported file held beyond what is carried.

    Nothing changes. What the file said and is still so stands there as the file put it. Codes are never in it, ways to
    reach people only `with_contacts`. What was withdrawn is not in it. Raises VaultLocked when the key is missing.
    """
    stored = import_records.last(of.id)
    remembered = stored[1] if stored else {}
    kept = remembered.get("file", {})
    plan, agenda = gather(of, kept, import_records.order_of_contributions(remembered))
    logo = (_file_name(plan.logo[0]), plan.logo[1]) if plan.logo and with_logo else None
    tree = spelling.whole(plan, kept, _names_of(agenda, remembered))
    _put_back_of_earlier(tree, kept)
    own = list(tree["registration_form"]["questions"])
    tree["municipality"].pop("logo", None)
    if logo:
        tree["municipality"]["logo"] = logo[0]
    notation.apply(tree, remembered.get("notation", []))
    if "registration_form" in tree:
        spelling_form.put_in_order(tree["registration_form"], own, remembered.get("form", {}))
        if not tree["registration_form"]:
            del tree["registration_form"]
    if not logo:
        tree["municipality"].pop("logo", None)
    if not with_contacts:
        _hide_contacts(tree)
    root = schema.conference()
    whole = notation.unkeyed(tree, root, root)
    return Exported(yaml_text.dump(whole), logo)


def _put_back_of_earlier(tree: dict[str, Any], kept: dict[str, Any]) -> None:
    """What a version that did not carry forms and consents has kept of a file, until the file comes again."""
    form = kept.get("registration_form", {})
    if isinstance(form.get("questions"), list) or isinstance(form.get("consents"), list):
        carried = {name: entries for name, entries in tree["registration_form"].items() if entries}
        tree["registration_form"] = {"questions": {}, **form, **carried}
    entries = kept.get("registrations", {})
    for key, entry in entries.items() if isinstance(entries, dict) else ():
        for name in ("consents", "consent_withdrawn"):
            if name in entry and key in (tree.get("registrations") or {}):
                tree["registrations"][key].setdefault(name, entry[name])


def _names_of(agenda: list[AgendaItem], remembered: dict[str, Any]) -> list[str]:
    """The positions of the items in the file they came from; those of no file have names of their own."""
    positions = {
        item_id: str(index) for index, item_id in enumerate(remembered.get("ids", {}).get("agenda", ()), 1)
    }
    return [positions.get(item.id, f"new {item.id}") for item in agenda]


def _hide_contacts(tree: dict[str, Any]) -> None:
    for entry in (tree.get("registrations") or {}).values():
        contact = entry.get("contact")
        if contact and contact.get("value"):
            # The kind stays: an import over the same conference then leaves the address as it is.
            entry["contact"] = {name: value for name, value in contact.items() if name != "value"}


def _file_name(name: str) -> str:
    fit = _NO_FILE_NAME.sub("_", name).lstrip(" .-")[:200]
    return fit or "logo"
