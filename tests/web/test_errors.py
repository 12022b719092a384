"""Error pages: plain words, never a traceback, nothing of what was typed in the log."""

import logging

import pytest
from flask import Flask

from app.web import errors


@pytest.fixture
def broken(app: Flask, monkeypatch):
    """The app as it answers in operation, with a page that breaks."""

    def view(**_parts):
        typed = "geheim: 05971 " + "123456"
        raise RuntimeError(typed)

    view.access = app.view_functions["public.start"].access
    monkeypatch.setitem(app.view_functions, "public.start", view)
    monkeypatch.setattr(app, "testing", False)
    return app


def test_a_fault_is_a_page_in_plain_words(broken, client, caplog):
    with caplog.at_level(logging.ERROR):
        answer = client.get("/")

    assert answer.status_code == 500
    assert "Bei uns ist etwas schiefgegangen" in answer.text
    assert "RuntimeError" not in answer.text
    assert "geheim" not in answer.text
    assert "unhandled: RuntimeError" in caplog.text
    assert "test_errors.py" in caplog.text
    assert "05971 123456" not in caplog.text


def test_a_broken_frame_still_says_what_happened(broken, client, monkeypatch, caplog):
    def fails(*_args, **_values):
        raise ValueError("frame")

    monkeypatch.setattr(errors, "render_template", fails)

    answer = client.get("/")

    assert answer.status_code == 500
    assert "<h1>Bei uns ist etwas schiefgegangen</h1>" in answer.text
    assert "the error page failed: ValueError" in caplog.text


def test_a_fault_in_a_test_is_not_hidden(app, client, monkeypatch):
    def view():
        raise RuntimeError("seen")

    view.access = app.view_functions["public.start"].access
    monkeypatch.setitem(app.view_functions, "public.start", view)

    with pytest.raises(RuntimeError, match="seen"):
        client.get("/")


@pytest.mark.parametrize(("method", "status"), [("DELETE", 405), ("GET", 200)])
def test_a_wrong_method_is_explained(client, method, status):
    answer = client.open("/", method=method)

    assert answer.status_code == status
    assert ("So lässt sich diese Seite nicht öffnen" in answer.text) is (status == 405)


def test_too_much_at_once_is_explained(client):
    answer = client.post("/verwaltung/anmelden", data={"email": "x" * 9_000_000})

    assert answer.status_code == 413
    assert "Das war zu viel auf einmal" in answer.text
