"""The field for what one person needs to take part well: boxes, and beneath some of them what helps to arrange it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import ValidationError
from wtforms.widgets import ListWidget

from app.domain.errors import SupportNotOffered
from app.domain.support import Wanted
from app.models import NeedKind, Passage, SupportOffer
from app.web import languages
from app.web.filters import language_name, passage
from app.web.forms import clean
from app.web.labels import label

# Spoken in German towns; somebody who needs another one says so under "Etwas anderes".
LANGUAGES = tuple(
    "am ar bg bs ckb cs el en es fa fr hi hr hu it ku mk pl ps pt ro rom ru so sq sr ti tr uk ur vi zh".split()  # noqa: SIM905 - reads as a list
)
LONGEST_DETAIL = 200
# What is asked beneath a box that is ticked.
ASKS_LANGUAGE = NeedKind.INTERPRETING
ASKS_WORDS = (NeedKind.DIET, NeedKind.OTHER)
FOR_CHILDREN_ONLY = NeedKind.CHILDCARE


@dataclass(frozen=True)
class Box:
    """One box as the page shows it."""

    id: str
    kind: NeedKind
    note: Passage
    is_ticked: bool
    # Name and id of what is asked beneath it; "" where nothing is.
    detail_name: str
    detail: str
    wrong: str

    @property
    def asks_language(self) -> bool:
        return self.kind is ASKS_LANGUAGE

    @property
    def question(self) -> str:
        """What is asked beneath the box."""
        if self.asks_language:
            return _("In welche Sprache?")
        if self.kind is NeedKind.DIET:
            return _("Worauf sollen wir achten? Zum Beispiel: vegetarisch, halal, keine Nüsse")
        return _("Was brauchen Sie?")


class NeedsField(Field):
    """Any number of the kinds of support a conference offers. The data are what is wanted, in their order."""

    data: Any
    # Read by the summary of errors: its link leads to the first box.
    widget = ListWidget()

    def __init__(self, label: Any, offers: Sequence[SupportOffer], *, is_child: bool, **options: Any) -> None:
        super().__init__(label, **options)
        self.offers = [offer for offer in offers if is_child or offer.kind is not FOR_CHILDREN_ONLY]
        self.ticked: set[str] = set()
        self.details: dict[str, str] = {}
        # What is wrong with what was typed beneath a box.
        self.wrong: dict[NeedKind, str] = {}

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data, extra_filters)
        if formdata is None:
            stored = self.data or []
            self.ticked = {need.kind.value for need in stored}
            self.details = {need.kind.value: need.detail for need in stored}
            return
        self.raw_data = formdata.getlist(self.name)
        self.ticked = set(self.raw_data)
        self.details = {
            offer.kind.value: clean(formdata.get(self.name_of(offer.kind)) or "") for offer in self.offers
        }
        # Whoever says how they eat has said that it matters, with or without the tick.
        self.ticked |= {kind for kind, detail in self.details.items() if detail}
        if ASKS_LANGUAGE.value in self.ticked and not self.details.get(ASKS_LANGUAGE.value):
            self.details[ASKS_LANGUAGE.value] = _language_of_page()
        self.data = [
            Wanted(offer.kind, self.details[offer.kind.value])
            for offer in self.offers
            if offer.kind.value in self.ticked
        ]

    def pre_validate(self, form: Any) -> None:
        if self.ticked - {offer.kind.value for offer in self.offers}:
            raise ValidationError(str(SupportNotOffered.sentence))
        self.wrong = {need.kind: words for need in self.data or () if (words := _why_unfit(need))}
        if self.wrong:
            raise ValidationError(next(iter(self.wrong.values())))

    def name_of(self, kind: NeedKind) -> str:
        """The name of what is asked beneath the box of this kind; "" where nothing is."""
        return f"{self.name}-{kind.value}" if kind is ASKS_LANGUAGE or kind in ASKS_WORDS else ""

    @property
    def boxes(self) -> list[Box]:
        """What the page shows."""
        return [
            Box(
                id=f"{self.id}-{place}",
                kind=offer.kind,
                note=passage(offer.note),
                is_ticked=offer.kind.value in self.ticked,
                detail_name=self.name_of(offer.kind),
                detail=self.details.get(offer.kind.value, ""),
                wrong=self.wrong.get(offer.kind, ""),
            )
            for place, offer in enumerate(self.offers)
        ]

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Codes and names of languages, in the language of the page, by name."""
        return sorted(((code, language_name(code)) for code in LANGUAGES), key=lambda entry: entry[1])


def _why_unfit(need: Wanted) -> str:
    """What is wrong with the detail of a need; "" where nothing is."""
    if need.kind is ASKS_LANGUAGE and need.detail not in LANGUAGES:
        return _("Bitte wählen Sie die Sprache, in die übersetzt werden soll.")
    if need.kind in ASKS_WORDS and not need.detail:
        return _("Bitte schreiben Sie in ein paar Wörtern dazu: %(kind)s", kind=label(need.kind))
    if len(need.detail) > LONGEST_DETAIL:
        return _(
            "Das ist zu lang: %(length)s Zeichen. Möglich sind höchstens %(most)s. Bitte kürzen Sie den Text.",
            length=len(need.detail),
            most=LONGEST_DETAIL,
        )
    return ""


def _language_of_page() -> str:
    current = languages.current()
    return "" if current is languages.GERMAN else current.code
