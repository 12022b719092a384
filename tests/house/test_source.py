"""Rules that can be read off the source."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "app").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*"))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_every_module_says_what_it_is_about(path):
    if not path.read_text(encoding="utf-8").strip():
        pytest.fail(f"{path} is empty")

    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_no_file_has_two_subjects(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


WRITERS = {"add", "add_all", "delete", "merge", "commit", "flush", "bulk_save_objects"}
# The demo is loaded whole or not at all: use cases of the domain in one transaction.
MAY_WRITE = ("app/domain/", "app/database.py", "app/demo/")


def writes(tree: ast.AST) -> list[int]:
    """Lines that write to the database: session writers and transaction()."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name) and called.id == "transaction":
                found.append(node.lineno)
            if (
                isinstance(called, ast.Attribute)
                and called.attr in WRITERS
                and ast.unparse(called.value) in ("db.session", "session", "db.session()")
            ):
                found.append(node.lineno)
    return found


def test_the_check_for_writes_finds_them():
    assert writes(ast.parse("db.session.add(x)\nwith transaction():\n    pass")) == [1, 2]


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if not relative(path).startswith(MAY_WRITE)], ids=relative
)
def test_only_the_domain_writes(path):
    assert writes(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.suffix == ".html"], ids=relative)
def test_templates_hold_no_inline_style_or_script(path):
    text = path.read_text(encoding="utf-8")
    if "mail/" in relative(path):
        # Mail programs know no stylesheets of their own; scripts stay out all the same.
        assert not re.search(r"<script|\son\w+\s*=", text)
        return

    assert not re.search(r"<style|\sstyle\s*=|\son\w+\s*=\s*[\"']|javascript:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sorted(
            [*TEMPLATES, *(ROOT / "static" / "css").rglob("*.css"), *(ROOT / "static" / "js").rglob("*.js")]
        )
        if path.suffix in (".html", ".css", ".js")
    ],
    ids=relative,
)
def test_nothing_is_loaded_from_elsewhere(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"""(src|url|import|fetch)\s*[=(]\s*["']?(https?:)?//""", text)
    assert not re.search(r"""<link[^>]+href=["'](https?:)?//""", text)


def test_vendored_files_carry_version_licence_and_checksums():
    folders = [path for path in (ROOT / "static" / "vendor").iterdir() if path.is_dir()]

    assert len(folders) >= 3
    for folder in folders:
        assert re.search(r"-\d+\.\d+\.\d+$", folder.name), folder
        assert list(folder.glob("LICENSE*")), folder
        assert (folder / "SHA256SUMS").is_file(), folder
