"""What a letter is made of; how it is laid out is the matter of templates/mail."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale

from app.models import Host, Passage, Registration
from app.web import languages


@dataclass(frozen=True)
class Link:
    text: str
    url: str
    kind: str = "link"


Words = str | Passage | Link


@dataclass(frozen=True)
class Heading:
    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Paragraph:
    text: Words
    kind: str = "paragraph"


@dataclass(frozen=True)
class Facts:
    """Pairs of a word and what is to be known about it."""

    rows: list[tuple[str, list[Words]]]
    kind: str = "facts"


@dataclass(frozen=True)
class Entry:
    """One group of a list: where it stands in the programme, its title and what to know."""

    where: str
    title: Words
    lines: list[str]


@dataclass(frozen=True)
class Entries:
    items: list[Entry]
    kind: str = "entries"


Block = Heading | Paragraph | Facts | Entries | Link


@dataclass(frozen=True)
class Letter:
    """A finished letter, in words."""

    language: languages.Language
    host: Host | None
    headline: str
    subject: str
    blocks: list[Block]
    footer: list[Words]
    reply_to: str = ""
    # Whose calendar goes with it, when it is sent by mail.
    calendar_of: Registration | None = None

    @property
    def html(self) -> str:
        """The letter as a page without anything loaded from elsewhere."""
        return self._render("mail/letter.html")

    @property
    def text(self) -> str:
        """The letter as plain text, with at most one empty line in a row."""
        lines = [line.rstrip() for line in self._render("mail/letter.txt").strip().splitlines()]
        kept = [line for number, line in enumerate(lines) if line or lines[number - 1]]
        return "\n".join(kept) + "\n"

    def _render(self, template: str) -> str:
        # Not render_template(): the context of pages belongs to a request, and a worker has none.
        with force_locale(self.language.locale):
            return current_app.jinja_env.get_template(template).render(letter=self, language=self.language)
