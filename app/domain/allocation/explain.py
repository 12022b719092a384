"""Why somebody sits where they sit, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import ngettext as _plural

from app.models import AllocationPlace


def _(sentence: str, **values: Any) -> str:
    return str(gettext(sentence, **values))


def ngettext(one: str, many: str, count: int, **values: Any) -> str:
    """The sentence for one or for many; under this name catalogues find it."""
    return str(_plural(one, many, count, **values))


@dataclass(frozen=True)
class Counted:
    """One group in one round when it was solved: free seats, who wished it in any place, who was given it."""

    free: int
    wished: int
    given: int


def counted(protocol: Mapping[str, Any]) -> dict[int, Counted]:
    """What the protocol says about each group round, by id."""
    return {
        entry["group_round"]: Counted(entry["free"], sum(entry["wished"]), sum(entry["given"]))
        for entry in protocol.get("groups", ())
    }


def sentences(
    place: AllocationPlace,
    others: Sequence[AllocationPlace],
    counts: Mapping[int, Counted],
    title: Callable[[int], str],
) -> list[str]:
    """First what became of the dearer wishes, then what came of it.

    `others`: the places of the same person in other rounds. `title`: what the group of a group round is called.
    """
    if place.is_adjusted:
        return [
            _("Das Organisationsteam hat diesen Platz von Hand geändert: %(reason)s", reason=place.reason)
        ]
    unmet = place.wishes[: place.rank - 1] if place.rank else place.wishes
    said = [
        _unmet(rank, round_id, place, others, counts, title) for rank, round_id in enumerate(unmet, start=1)
    ]
    return [*said, _outcome(place)]


def changed_since() -> str:
    """Instead of an explanation, where somebody does not sit in the group they were to get."""
    return _("Hier hat sich nach der Verteilung etwas geändert. Was jetzt gilt, steht bei Ihren Gruppen.")


def not_as_proposed(title: str) -> str:
    """The same for staff, where the group they sit in now stands before it; `title` is empty for no group."""
    if title:
        return _("Vorgeschlagen war „%(group)s“: nicht gegeben oder seither geändert.", group=title)
    return _("Vorgeschlagen war kein Platz. Das hat sich seither geändert.")


def _unmet(
    rank: int,
    round_id: int,
    place: AllocationPlace,
    others: Sequence[AllocationPlace],
    counts: Mapping[int, Counted],
    title: Callable[[int], str],
) -> str:
    name, of = title(round_id), counts.get(round_id)
    if not name:
        return _("Wunsch %(rank)s: Diese Gruppe gibt es nicht mehr.", rank=rank)
    elsewhere = next(
        (other for other in others if other.group_round_id and title(other.group_round_id) == name), None
    )
    is_full = of is not None and of.given >= of.free
    if elsewhere is not None and not (is_full and of and of.wished > of.free):
        return _(
            "Wunsch %(rank)s, „%(group)s“, gibt es schon in Runde %(number)s.",
            rank=rank,
            group=name,
            number=elsewhere.round_number,
        )
    if of is not None and is_full and of.wished > of.free:
        return ngettext(
            "Wunsch %(rank)s, „%(group)s“, war voll: %(people)s Personen wollten %(num)s Platz.",
            "Wunsch %(rank)s, „%(group)s“, war voll: %(people)s Personen wollten %(num)s Plätze.",
            of.free,
            rank=rank,
            group=name,
            people=of.wished,
        )
    if place.wants_together:
        return _(
            "Wunsch %(rank)s, „%(group)s“, passte nicht für alle, die mit angemeldet sind und zusammenbleiben möchten.",
            rank=rank,
            group=name,
        )
    if is_full:
        return _("Wunsch %(rank)s, „%(group)s“, war voll.", rank=rank, group=name)
    return _(
        "Wunsch %(rank)s, „%(group)s“, ging nicht auf: Sonst wären insgesamt weniger Wünsche erfüllt.",
        rank=rank,
        group=name,
    )


def _outcome(place: AllocationPlace) -> str:
    if place.group_round_id is None:
        return _("In dieser Runde reichen die Plätze nicht für alle.")
    if place.rank == 1:
        return _("Wunsch 1 ist erfüllt.")
    if place.rank:
        return _("Wunsch %(rank)s ist erfüllt.", rank=place.rank)
    if place.wants_together and not place.wishes:
        return _("Hier sind alle zusammen, die zusammen angemeldet sind, oder es war noch ein Platz frei.")
    if place.wishes:
        return _("Damit niemand ohne Platz bleibt, ist es diese Gruppe geworden.")
    return _("Es war kein Wunsch angegeben; hier war ein Platz frei.")
