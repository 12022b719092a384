"""Kept pages: the same as made ones, as long as they hold, in bounded memory."""

import gzip

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from werkzeug.test import EnvironBuilder

from app.database import db
from app.models import Conference
from app.web import cache
from app.web.cache import Page, PageCache, Place
from tests import make
from tests.visitor import Visitor


def page(size: int) -> Page:
    return Page(b"x" * size, b"", "etag", ("host", "conference"), ())


def at(path: str) -> Place:
    return "http", "localhost", "", path


def test_the_page_used_longest_ago_goes_first(monkeypatch):
    monkeypatch.setattr(cache, "MOST_PAGES", 2)
    pages = PageCache()
    pages.put(at("a"), page(1))
    pages.put(at("b"), page(1))
    pages.get(at("a"))
    pages.put(at("c"), page(1))

    assert [name for name in "abc" if pages.get(at(name))] == ["a", "c"]


def test_large_pages_make_room_for_each_other(monkeypatch):
    monkeypatch.setattr(cache, "MOST_BYTES", 100)
    pages = PageCache()
    for name in "abcd":
        pages.put(at(name), page(40))

    assert [name for name in "abcd" if pages.get(at(name))] == ["c", "d"]
    assert pages._bytes == 80


def test_the_same_page_counts_once(monkeypatch):
    pages = PageCache()
    pages.put(at("a"), page(40))
    pages.put(at("a"), page(40))

    assert pages._bytes == 40


def path_of(conference: Conference) -> str:
    return f"/{conference.host.key}/{conference.key}/"


def test_a_kept_page_ends_when_its_conference_is_hidden(app: Flask, client: Visitor) -> None:
    conference = make.conference()
    path = path_of(conference)
    assert client.get(path).status_code == 200
    with db.engine.begin() as other:
        other.execute(text("UPDATE conference SET status = 'archived'"))

    assert client.get(path).status_code == 404


def test_a_kept_page_ends_with_its_conference(app: Flask, client: Visitor) -> None:
    path = path_of(make.conference())
    assert client.get(path).status_code == 200
    with db.engine.begin() as other:
        other.execute(text("DELETE FROM conference"))

    assert client.get(path).status_code == 404


def test_a_kept_page_is_the_page_itself(app: Flask, client: Visitor) -> None:
    path = path_of(make.conference())
    made, kept = client.get(path), client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "br, gzip"})

    assert cache.pages.get(("http", "localhost", "", path)) is not None
    assert kept.data == made.data
    assert gzip.decompress(packed.data) == made.data
    assert packed.headers["Content-Encoding"] == "gzip"
    of_the_server = {"Content-Length", "Date"}
    assert {(name, value) for name, value in kept.headers.items() if name not in of_the_server} == {
        (name, value) for name, value in made.headers.items() if name not in of_the_server
    }


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_who_has_the_page_is_told_so(app: Flask, client: Visitor, coding: str) -> None:
    path = path_of(make.conference())
    client.get(path)
    etag = client.get(path, headers={"Accept-Encoding": coding}).headers["ETag"]

    answer = client.get(path, headers={"Accept-Encoding": coding, "If-None-Match": f'"other", W/{etag}'})

    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)


def test_a_database_in_trouble_is_left_to_the_app(app: Flask) -> None:
    path = path_of(make.conference())
    asked = []

    def behind(environ, start_response):
        asked.append(environ["PATH_INFO"])
        start_response("503 BUSY", [])
        return []

    environ = EnvironBuilder(path=path, base_url="http://localhost").get_environ()
    cache.pages.put(cache.place_of(environ), Page(b"", b"", "", ("a", "b"), ()))
    kept = cache.KeptPages(behind, create_engine("sqlite:////nowhere/at/all"), "http://localhost")

    kept(environ, lambda *_: None)

    assert asked == [path]
