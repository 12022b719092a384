"""Words one can search by: folded and stemmed in Python, so that both databases find the same."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any

import snowballstemmer

# Languages snowball knows; words of all others are kept as they are written.
_STEMMERS = {
    "ar": "arabic",
    "de": "german",
    "de-x-ls": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "tr": "turkish",
}
_WORD = re.compile(r"[^\W_]+")
# At least three letters stay.
_ARTICLE = re.compile("^(?:[وفبك]?ال|لل)(?=...)")
MOST_TERMS = 8
LONGEST_TERM = 40


def index(*texts: tuple[str, str]) -> str:
    """What is stored of texts, each (words, language): every word folded and stemmed, between blanks."""
    found: dict[str, None] = {}
    for text, language in texts:
        for word in _words(text):
            for form in (_folded(word), _stem(word, language), *_bare(word)):
                found.setdefault(form)
    return f" {' '.join(found)} " if found else ""


def terms(query: str, *languages: str) -> list[set[str]]:
    """What to look for: for each word that was typed the beginnings any of which will do."""
    words = list(dict.fromkeys(_words(query)))[:MOST_TERMS]
    return [
        {
            form[:LONGEST_TERM]
            for form in (_folded(word), *(_stem(word, language) for language in languages), *_bare(word))
        }
        for word in words
    ]


def _words(text: str) -> list[str]:
    # Marks that have no letter of their own would cut a word in two: the dot of a lower-case İ, Arabic vowels.
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def _bare(word: str) -> list[str]:
    """An Arabic word without its article and the little words written together with it."""
    bare = _ARTICLE.sub("", word)
    return [_folded(bare)] if bare != word else []


def _stem(word: str, language: str) -> str:
    stemmer = _stemmer(_STEMMERS.get(language, ""))
    return _folded(stemmer.stemWord(word) if stemmer else word)


@cache
def _stemmer(name: str) -> Any:
    return snowballstemmer.stemmer(name) if name else None


def _folded(word: str) -> str:
    """Without marks and capitals: ä is a, İ is i, ß is ss."""
    plain = unicodedata.normalize("NFKD", word.casefold()).replace("ı", "i")
    return "".join(sign for sign in plain if not unicodedata.combining(sign)) or word
