"""Text in several languages, kept in one JSON column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.types import TypeDecorator

SOURCE_LANGUAGE = "de"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "ur", "he", "ckb", "ps"})


@dataclass(frozen=True)
class Passage:
    """A text as it is shown: with its real language, and whether that is the one asked for."""

    text: str
    lang: str
    is_fallback: bool

    @property
    def dir(self) -> str:
        """Writing direction: `rtl` or `ltr`."""
        return "rtl" if self.lang.split("-")[0] in RIGHT_TO_LEFT else "ltr"

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


class Translated(dict[str, str]):
    """Language code -> text; German is the text all others stand in for.

    Never changed in place: assign a new one (`value.with_text("ar", …)`), so that the change is seen and saved.
    """

    def __init__(self, texts: Mapping[str, str] | str | None = None) -> None:
        if isinstance(texts, str):
            texts = {SOURCE_LANGUAGE: texts}
        super().__init__(
            {lang: text.strip() for lang, text in (texts or {}).items() if text and text.strip()}
        )

    def passage(self, language: str) -> Passage:
        """The text in `language`, else the German one marked as a fallback, else any."""
        if language in self:
            return Passage(self[language], language, False)
        for lang in (SOURCE_LANGUAGE, *sorted(self)):
            if lang in self:
                return Passage(self[lang], lang, True)
        return Passage("", language, False)

    def with_text(self, language: str, text: str) -> Translated:
        """A copy in which `language` says `text`; an empty text removes the language."""
        return Translated({**self, language: text})

    def __str__(self) -> str:
        return self.passage(SOURCE_LANGUAGE).text


class TranslatedText(TypeDecorator[Translated]):
    """Column type of Translated; never NULL."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | str | None, dialect: object) -> dict[str, str]:
        return dict(Translated(value))

    def process_result_value(self, value: Any, dialect: object) -> Translated:
        return Translated(value)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self.impl_instance.coerce_compared_value(op, value)
