"""The language in the address."""

import pytest
from flask import Flask, request, url_for

from app.web import languages
from app.web.languages import LanguagePrefix


@pytest.fixture
def small():
    """An app that says what it saw."""
    app = Flask("small")

    @app.get("/")
    @app.get("/<path:rest>")
    def echo(rest=""):
        return {
            "path": request.path,
            "language": languages.current().code,
            "link": url_for("echo", rest="ziel"),
            "offered": [[language.code, address] for language, address in languages.offered()],
        }

    app.wsgi_app = LanguagePrefix(app.wsgi_app)
    return app.test_client()


def test_german_has_no_prefix(small):
    seen = small.get("/rheine/").json

    assert seen == {
        "path": "/rheine/",
        "language": "de",
        "link": "/ziel",
        "offered": [["de", "/rheine/"], ["ar", "/ar/rheine/"]],
    }


def test_a_prefix_chooses_the_language_and_links_keep_it(small):
    seen = small.get("/ar/rheine/").json

    assert seen == {
        "path": "/rheine/",
        "language": "ar",
        "link": "/ar/ziel",
        "offered": [["de", "/rheine/"], ["ar", "/ar/rheine/"]],
    }


@pytest.mark.parametrize("path", ["/ar", "/ar/"])
def test_the_start_page_has_a_prefix_too(small, path):
    assert small.get(path).json["path"] == "/"


@pytest.mark.parametrize("path", ["/arnsberg/", "/xx/", "/de/", "/AR/x", "/a/ar/"])
def test_what_is_no_installed_language_is_part_of_the_address(small, path):
    seen = small.get(path).json

    assert (seen["path"], seen["language"]) == (path, "de")


@pytest.mark.parametrize("path", ["/ar/verwaltung/", "/ar/static/x.css"])
def test_staff_pages_and_files_have_no_languages(small, path):
    seen = small.get(path).json

    assert (seen["path"], seen["language"]) == (path, "de")


def test_staff_pages_offer_no_other_language(small):
    assert small.get("/verwaltung/").json["offered"] == []


def test_outside_of_a_request_it_is_german():
    assert languages.current() is languages.GERMAN
    assert languages.get("klingon") is languages.GERMAN
