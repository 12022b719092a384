"""The data: the snapshot itself, to the byte the same each time."""

import json

from app.domain import snapshot
from app.exports import results_json
from tests import results
from tests.domain.test_snapshot import taken


def test_it_is_the_snapshot(app):
    found = taken(results.rich())

    content = results_json.render(found)

    assert json.loads(content) == found
    assert snapshot.sha256(json.loads(content)) == snapshot.sha256(found)


def test_it_is_utf_8_indented_and_sorted(app):
    content = results_json.render(taken(results.rich())).decode()

    assert "نريد مقاعد في الحديقة." in content
    assert "\\u" not in content
    assert content.startswith('{\n  "attendance": {')
    assert content.endswith("}\n")
    assert list(json.loads(content)) == sorted(json.loads(content))


def test_the_same_snapshot_gives_the_same_bytes(app):
    found = taken(results.rich())

    assert results_json.render(found) == results_json.render(dict(reversed(found.items())))
