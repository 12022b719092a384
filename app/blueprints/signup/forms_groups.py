"""Fields with which people choose working groups: seats at once, or wishes that are allocated together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import RadioField, SelectField
from wtforms.validators import ValidationError

from app.domain.queries.places import Held
from app.domain.wishes import MOST
from app.models import GroupRound, WorkingGroup
from app.web.filters import clock, passage
from app.web.forms import PICK_ONE, SelectChoice

NO_GROUP = "keine"
# A further person of a household takes what the first one takes.
SAME = ""

Rounds = dict[int, list[GroupRound]]


class _Meetings:
    """What the fields share: the groups that meet in one round, by the value that chooses them."""

    number: int
    rounds: dict[str, GroupRound]
    data: Any
    raw_data: Any

    @property
    def chosen(self) -> GroupRound | None:
        """The group that was chosen, None for none."""
        return self.rounds.get(self.data or "")

    @property
    def was_sent(self) -> bool:
        """False for a round the page did not show."""
        return bool(self.raw_data)


class RoundField(_Meetings, RadioField):
    """One group for one round, all in sight."""

    choices: Any

    def __init__(self, label: Any, number: int, rounds: list[GroupRound], **options: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, default=NO_GROUP, **options)
        self.number = number
        self.rounds = _by_value(rounds)
        # What stands beneath each choice.
        self.details: dict[str, str] = {}

    def pre_validate(self, form: Any) -> None:
        if self.data != NO_GROUP and self.data not in self.rounds:
            self.data = NO_GROUP
            raise ValidationError(str(PICK_ONE))

    def offer(self, people: int = 1) -> None:
        """Show every group as it is now; a full one leads to its queue."""
        self._show({value: state_words(held, people) for value, held in self.rounds.items()})

    def offer_change(self, held: Held) -> None:
        """The same for somebody who sits or waits already; what they have is chosen until they choose."""
        self._show({value: _change_words(here, held) for value, here in self.rounds.items()})
        if self.data not in (NO_GROUP, *self.rounds):
            self.data = _value_of(held)

    def _show(self, details: dict[str, str]) -> None:
        self.details = details
        self.choices = [SelectChoice(value, passage(held.group.title)) for value, held in self.rounds.items()]
        self.choices.append(SelectChoice(NO_GROUP, _("Keine Gruppe – ich entscheide vor Ort")))


class ListField(_Meetings, SelectField):
    """One group for one round in a list that opens, for a further person of a household."""

    choices: Any

    def __init__(self, label: Any, number: int, rounds: list[GroupRound], same: Any, **options: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, default=SAME, **options)
        self.number = number
        self.rounds = _by_value(rounds)
        self.same = same

    def pre_validate(self, form: Any) -> None:
        if self.data not in (SAME, NO_GROUP, *self.rounds):
            self.data = SAME
            raise ValidationError(str(PICK_ONE))

    def offer(self) -> None:
        """Show every group as it is now."""
        self._show({value: state_words(held) for value, held in self.rounds.items()})

    def offer_change(self, held: Held, *, is_same: bool) -> None:
        """The same for somebody who sits or waits already."""
        self._show({value: _change_words(here, held) for value, here in self.rounds.items()})
        if not self.was_sent:
            self.data = SAME if is_same else _value_of(held)

    def _show(self, details: dict[str, str]) -> None:
        self.choices = [SelectChoice(SAME, self.same)]
        for value, held in self.rounds.items():
            self.choices.append(_spoken(value, held, f" – {details[value]}"))
        self.choices.append(SelectChoice(NO_GROUP, _("Keine Gruppe")))


class WishField(_Meetings, SelectField):
    """A first, second or third wish for one round."""

    choices: Any

    def __init__(
        self,
        label: Any,
        key: str,
        number: int,
        rank: int,
        rounds: list[GroupRound],
        empty: Any,
        **options: Any,
    ) -> None:
        super().__init__(label, choices=[], validate_choice=False, default=SAME, **options)
        # Whose wish it is: the key of a further person, "" for the first one.
        self.key, self.number, self.rank = key, number, rank
        self.rounds = _by_value(rounds)
        self.empty = empty

    def pre_validate(self, form: Any) -> None:
        if self.data not in (SAME, NO_GROUP, *self.rounds):
            self.data = SAME
            raise ValidationError(str(PICK_ONE))
        for other in form.wish_fields:
            earlier = other.number == self.number and other.rank < self.rank and other.key == self.key
            if earlier and self.chosen is not None and other.chosen is self.chosen:
                raise ValidationError(
                    _("Diese Gruppe haben Sie für diese Runde schon gewählt. Bitte wählen Sie eine andere.")
                )

    def offer(self) -> None:
        """Show every group; seats do not matter yet."""
        self.choices = [SelectChoice(SAME, self.empty)]
        self.choices += [_spoken(value, held) for value, held in self.rounds.items()]
        if self.rank == 1 and self.key:
            self.choices.append(SelectChoice(NO_GROUP, _("Keine Gruppe")))


def rounds_of(groups: Iterable[WorkingGroup]) -> Rounds:
    """Round number -> the group rounds that meet then, in the order of the groups."""
    rounds: Rounds = {}
    for group in groups:
        for held in group.rounds:
            rounds.setdefault(held.number, []).append(held)
    return dict(sorted(rounds.items()))


def round_fields(rounds: Rounds) -> dict[str, Any]:
    """The fields of the first person, by name: one per round, all groups in sight."""
    return {
        f"round_{number}": RoundField(_question(number, held), number, held)
        for number, held in rounds.items()
    }


def list_fields(rounds: Rounds, key: str, place: int, same: Any) -> dict[str, Any]:
    """The fields of a further person, who is number `place` on the page."""
    return {
        f"{key}_round_{number}": ListField(_question_for(place, number, held), number, held, same)
        for number, held in rounds.items()
    }


def wish_fields(rounds: Rounds, key: str, place: int) -> dict[str, Any]:
    """Up to three wishes a round; `key` is "" for the first person."""
    fields: dict[str, Any] = {}
    for number, held in rounds.items():
        for rank in range(1, min(MOST, len(held)) + 1):
            label = (_("Erster Wunsch"), _("Zweiter Wunsch"), _("Dritter Wunsch"))[rank - 1]
            time = when(number, held)
            if time:
                label = f"{label}, {time}"
            if key:
                label = _("Person %(place)s: %(wish)s", place=place, wish=label)
            name = f"wish_{number}_{rank}"
            fields[f"{key}_{name}" if key else name] = WishField(
                label, key, number, rank, held, _no_wish(key, rank)
            )
    return fields


def _no_wish(key: str, rank: int) -> str:
    if rank > 1:
        return _("kein weiterer Wunsch")
    return _("dieselben Wünsche wie Sie") if key else _("kein Wunsch")


def wishes_in(fields: Iterable[WishField]) -> dict[int, list[int]]:
    """Round number -> ids of group rounds, dearest first, as these fields say."""
    found: dict[int, list[int]] = {}
    for field in fields:
        if field.chosen is not None:
            found.setdefault(field.number, []).append(field.chosen.id)
    return found


def when(number: int, rounds: list[GroupRound]) -> str:
    """`Runde 1, 17:30 bis 17:55 Uhr`; nothing where all groups meet once, at no fixed time."""
    item = rounds[0].agenda_item
    if item is not None:
        return _(
            "Runde %(number)s, %(start)s bis %(end)s Uhr",
            number=number,
            start=clock(item.starts_at),
            end=clock(item.ends_at),
        )
    return _("Runde %(number)s", number=number) if number > 1 else ""


def _question(number: int, rounds: list[GroupRound]) -> str:
    asked, time = _("In welcher Gruppe möchten Sie mitreden?"), when(number, rounds)
    return f"{asked} {time}" if time else asked


def _question_for(place: int, number: int, rounds: list[GroupRound]) -> str:
    person, time = _("Person %(place)s: Gruppe", place=place), when(number, rounds)
    return f"{person}, {time}" if time else person


def _by_value(rounds: list[GroupRound]) -> dict[str, GroupRound]:
    return {str(held.group.number): held for held in rounds}


def _value_of(held: Held) -> str:
    wanted = held.queued or held.seated
    return str(wanted.group.number) if wanted is not None else NO_GROUP


def _spoken(value: str, held: GroupRound, more: str = "") -> SelectChoice:
    """An option says its language where it is not that of the page."""
    title = passage(held.group.title)
    return SelectChoice(
        value, title.text + more, {"lang": title.lang, "dir": title.dir} if title.is_fallback else {}
    )


def state_words(held: GroupRound, people: int = 1) -> str:
    """What choosing this group means for so many people who come new."""
    if held.is_full:
        return queue_words(held)
    free = free_words(held)
    if people > held.seats_free:
        return _("%(free)s. Für Sie alle zusammen reicht das nicht: Sie kämen auf die Warteliste.", free=free)
    return free


def _change_words(here: GroupRound, held: Held) -> str:
    """What choosing `here` means for somebody who has `held` in this round."""
    kept = (
        _("Ihren Platz in „%(group)s“ behalten Sie so lange.", group=passage(held.seated.group.title))
        if (held.seated is not None)
        else ""
    )
    if held.queued is not None and held.queued.id == here.id:
        if held.position is None:
            return _(
                "Hier ist ein Platz für Sie frei gehalten. Antworten Sie auf der Seite „Meine Anmeldung“."
            )
        waits = _("Sie stehen auf Platz %(position)s der Warteliste.", position=held.position)
        return f"{waits} {kept}".strip()
    if held.seated is not None and held.seated.id == here.id:
        if held.queued is None:
            return _("Hier ist Ihr Platz sicher.")
        return _(
            "Hier ist Ihr Platz sicher. Wenn Sie dabei bleiben, warten Sie nicht mehr auf „%(group)s“.",
            group=passage(held.queued.group.title),
        )
    if here.is_full:
        return f"{queue_words(here)}. {kept}".strip()
    if held.seated is not None:
        return _(
            "%(free)s. Wenn Sie tauschen, wird Ihr Platz in „%(group)s“ frei.",
            free=free_words(here),
            group=passage(held.seated.group.title),
        )
    return free_words(here)


def free_words(held: GroupRound) -> str:
    """How many seats are free."""
    return ngettext("Noch %(num)s Platz frei", "Noch %(num)s Plätze frei", held.seats_free)


def queue_words(held: GroupRound) -> str:
    """What one gets who chooses a full group."""
    if not held.waiting:
        return _("voll: Sie kämen auf die Warteliste, dort steht noch niemand")
    return ngettext(
        "voll: Sie kämen auf die Warteliste, dort steht schon %(num)s Person",
        "voll: Sie kämen auf die Warteliste, dort stehen schon %(num)s Personen",
        held.waiting,
    )
