"""All templates compile, and none of them reads a variable that nobody gives it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from jinja2 import Undefined, meta
from jinja2.utils import LRUCache, missing

from tests import tour

ROOT = Path(__file__).parents[2] / "templates"
TEMPLATES = sorted(
    path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.suffix in (".html", ".txt")
)


def test_the_templates_are_found():
    assert {"base.html", "error.html", "mail/letter.txt"} <= set(TEMPLATES)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(app, name):
    app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_a_template_names_is_there(app, name):
    """Templates it extends, includes or imports exist."""
    source = (ROOT / name).read_text(encoding="utf-8")

    named = meta.find_referenced_templates(app.jinja_env.parse(source))

    assert [other for other in named if other is not None and other not in TEMPLATES] == []


def test_no_template_is_left_over(app):
    """Every template is shown by a view or used by another template."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT.parent / "app").rglob("*.py")))
    used = {
        other
        for name in TEMPLATES
        for other in meta.find_referenced_templates(
            app.jinja_env.parse((ROOT / name).read_text(encoding="utf-8"))
        )
    }

    # Views of one folder name their template by its stem.
    left = [
        name
        for name in TEMPLATES
        if name not in used
        and name not in code
        and f'"{Path(name).stem}"' not in code
        and Path(name).stem not in code
    ]

    assert left == []


class Noted(Undefined):
    """Notes each unknown variable that is printed, tested or looped over; `is defined` and `default()` may ask."""

    names: ClassVar[set[str]] = set()

    def _note(self) -> None:
        # Attributes are another matter: components take objects of several kinds. A macro may have no body.
        if self._undefined_obj is missing and self._undefined_name != "caller":
            self.names.add(str(self._undefined_name))

    def __str__(self) -> str:
        self._note()
        return super().__str__()

    def __bool__(self) -> bool:
        self._note()
        return super().__bool__()

    def __iter__(self) -> Iterator[Any]:
        self._note()
        return super().__iter__()


def test_pages_read_no_unknown_variable(app, town, clients, monkeypatch):
    """A misspelt name would be empty on the page and seen by nobody."""
    monkeypatch.setattr(Noted, "names", set())
    monkeypatch.setattr(app.jinja_env, "undefined", Noted)
    monkeypatch.setattr(app.jinja_env, "cache", LRUCache(400))

    found = {}
    for stop in tour.pages(app, town):
        Noted.names.clear()
        clients[stop.who].get(stop.address)
        if Noted.names:
            found[stop.endpoint] = set(Noted.names)

    assert found == {}
