"""Open a page as a visitor does and inspect it: every page of the product is checked by the same strict rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import url_for
from flask.testing import FlaskClient
from html5lib.html5parser import ParseError
from werkzeug.test import TestResponse

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
CONTROLS = ("input", "select", "textarea")
NEEDS_NO_LABEL = ("hidden", "submit", "button", "image", "reset")
POINTERS = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "aria-errormessage")
# Where a page would load something by itself.
LOADING = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "use": "href"}


class Unsound(AssertionError):
    """A page breaks rules; all of them are listed."""


@dataclass
class Form:
    """A form of a page, with the values a browser would send if nobody touched it."""

    page: Page
    element: Element
    values: dict[str, Any] = field(default_factory=dict)

    def send(
        self, changes: Mapping[str, Any] | None = None, /, *, status: int | None = None, **more: Any
    ) -> Page:
        """Fill in and send; None leaves a value out. `status` as for `visit`."""
        values = {**self.values, **(changes or {}), **more}
        data = {name: value for name, value in values.items() if value is not None}
        action = self.element.get("action") or self.page.address
        answer = self.page.client.post(action, data=data)
        return Page(self.page.client, action, answer).checked(status)

    def box(self, name: str) -> dict[str, str]:
        """The box of this name, ticked, as a browser sends it."""
        (found,) = [box for box in self.element.iter("input") if box.get("name") == name]
        return {name: found.get("value", "on")}


@dataclass
class Page:
    """An answer, parsed."""

    client: FlaskClient
    address: str
    response: TestResponse
    tree: Element = field(init=False)

    def checked(self, status: int | None) -> Page:
        """Compare the status; inspect the page where it is one, follow nothing."""
        if status is not None and self.response.status_code != status:
            raise Unsound(f"{self.address}: {self.status} instead of {status}\n{self.response.text[:2000]}")
        if self.response.mimetype == "text/html" and self.response.status_code not in range(300, 400):
            self.tree = parse(self.response.text)
            inspect(self)
        return self

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """What can be read in <main>, blanks unified."""
        return words(self.one("main"))

    @property
    def everything(self) -> str:
        """What can be read anywhere on the page."""
        return words(self.one("body"))

    @property
    def title(self) -> str:
        return words(self.one("title"))

    @property
    def h1(self) -> str:
        return words(self.one("h1"))

    @property
    def location(self) -> str:
        """Where a redirect leads, without the server's name."""
        assert 300 <= self.status < 400, (
            f"{self.address}: {self.status} is no redirect\n{self.response.text[:2000]}"
        )
        parts = urlsplit(self.response.headers["Location"])
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def follow(self, status: int | None = 200) -> Page:
        """The page the redirect leads to, inspected."""
        return visit(self.client, self.location, status=status)

    def all(self, tag: str | None = None, **attributes: Any) -> list[Element]:
        """Elements by tag and attributes; `class_="x"` asks for one of the classes."""
        wanted_class = attributes.pop("class_", None)
        return [
            element
            for element in self.tree.iter(tag or "*")
            if all(element.get(name.replace("_", "-")) == value for name, value in attributes.items())
            and (wanted_class is None or wanted_class in element.get("class", "").split())
        ]

    def one(self, tag: str | None = None, **attributes: Any) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{self.address}: {len(found)} × <{tag} {attributes}>"
        return found[0]

    def links(self) -> dict[str, str]:
        """Words of each link in <main> and its address; the first of equal words wins."""
        found: dict[str, str] = {}
        for link in self.one("main").iter("a"):
            found.setdefault(words(link), link.get("href", ""))
        return found

    def form(self, action: str | None = None) -> Form:
        """The form of <main> that posts to `action`, or the only one."""
        forms = [
            element
            for element in self.one("main").iter("form")
            if element.get("method", "get").lower() == "post"
            and (action is None or (element.get("action") or self.address) == action)
        ]
        assert len(forms) == 1, f"{self.address}: {len(forms)} forms"
        return Form(self, forms[0], dict(values(forms[0])))

    def errors(self) -> dict[str, str]:
        """What the error summary says after the field's name, by the id it links to; under "" the form itself."""
        found: dict[str, str] = {}
        for item in self.one(id="fehler").iter("li"):
            link = item.find(".//a")
            field = item.find(".//span[@class='summary__field']")
            said = words(item).removeprefix(words(field)).strip() if field is not None else words(item)
            found[link.get("href", "").removeprefix("#") if link is not None else ""] = said
        return found


def visit(
    client: FlaskClient,
    target: str,
    *,
    status: int | None = 200,
    language: str = "de",
    data: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Page:
    """Open an endpoint ("conferences.show", host=…, conference=…) or an address ("/…") and inspect the page.

    With `data` it is posted. Raises Unsound with all rules the page breaks, or for another status than `status`
    (None: whatever comes).
    """
    address = target if target.startswith("/") else address_of(client, target, **values)
    if language != "de":
        address = f"/{language}{address}"
    method = "GET" if data is None else "POST"
    answer = client.open(address, method=method, data=data, headers=headers)
    return Page(client, address, answer).checked(status)


def address_of(client: FlaskClient, endpoint: str, **values: Any) -> str:
    """The German address of an endpoint."""
    with client.application.test_request_context():
        return url_for(endpoint, **values)


@lru_cache(maxsize=32)
def parse(text: str) -> Element:
    """The document as a tree, which nobody changes. Raises Unsound for HTML that is not valid."""
    parser = html5lib.HTMLParser(
        strict=True, tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False
    )
    try:
        return parser.parse(text)
    except ParseError as error:
        line, column = parser.tokenizer.stream.position()
        near = "\n".join(text.splitlines()[max(0, line - 3) : line + 1])
        raise Unsound(f"no valid HTML: {error} at line {line}, column {column}\n{near}") from error


def words(element: Element) -> str:
    """The text of an element, blanks unified, without what is no text."""
    return re.sub(r"\s+", " ", "".join(_pieces(element))).strip()


def inspect(page: Page) -> None:
    """Check all rules a page must keep. Raises Unsound."""
    broken = [
        *_frame(page),
        *_ids(page),
        *_headings(page),
        *_labels(page),
        *_spoken(page),
        *_nothing_inline(page),
        *_only_ours(page),
        *_summary(page),
    ]
    if broken:
        raise Unsound(f"{page.address}:\n" + "\n".join(f"- {rule}" for rule in broken))


def _frame(page: Page) -> Iterator[str]:
    root = page.one("html")
    if not root.get("lang"):
        yield "<html> names no language"
    if root.get("dir") not in ("ltr", "rtl"):
        yield "<html> names no direction"
    if len(page.all("main")) != 1:
        yield "there is not exactly one <main>"
    h1 = page.all("h1")
    if len(h1) != 1:
        yield f"there are {len(h1)} <h1>"
    elif not words(h1[0]):
        yield "the <h1> is empty"
    elif not page.title.startswith(words(h1[0])):
        yield f"the title {page.title!r} does not begin with the <h1> {words(h1[0])!r}"
    for element in page.all():
        lang = element.get("lang")
        if lang is not None and not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", lang):
            yield f'lang="{lang}" is no language'


def _ids(page: Page) -> Iterator[str]:
    counted = Counter(element.get("id") for element in page.all() if element.get("id") is not None)
    for name, count in counted.items():
        if count > 1:
            yield f'id="{name}" stands {count} times'
        if not name or re.search(r"\s", name):
            yield f'id="{name}" is no id'
    for element in page.all():
        for attribute in POINTERS:
            for name in element.get(attribute, "").split():
                if name not in counted:
                    yield f'{attribute} names "{name}", which is not there'
        if element.tag == "label" and element.get("for") is not None and element.get("for") not in counted:
            yield f'a label is for "{element.get("for")}", which is not there'
        href = element.get("href", "")
        if element.tag == "a" and href.startswith("#") and href[1:] not in counted:
            yield f'a link leads to "{href}", which is not there'


def _headings(page: Page) -> Iterator[str]:
    before = 0
    for element in page.all():
        if element.tag in HEADINGS:
            level = int(element.tag[1])
            if level > before + 1 and before:
                yield f"<{element.tag}> {words(element)!r} follows an <h{before}>"
            if not words(element):
                yield f"an empty <{element.tag}>"
            before = level


def _labels(page: Page) -> Iterator[str]:
    labelled = {label.get("for") for label in page.all("label") if words(label)}
    wrapped = {id(control) for label in page.all("label") for control in label.iter() if words(label)}
    for control in page.all():
        if (
            control.tag in CONTROLS
            and control.get("type") not in NEEDS_NO_LABEL
            and control.get("id") not in labelled
            and id(control) not in wrapped
            and not _named(control)
        ):
            yield f'the field "{control.get("name")}" has no label'
        pictured = any(image.get("alt") for image in control.iter("img"))
        if control.tag in ("a", "button") and not (words(control) or _named(control) or pictured):
            yield f"a <{control.tag}> without words: {control.attrib}"
        if control.tag == "img" and control.get("alt") is None:
            yield f"an image without alt: {control.get('src')}"
        if control.tag == "fieldset" and not any(child.tag == "legend" and words(child) for child in control):
            yield f"a <fieldset> without legend: {control.attrib}"
        if control.tag == "th" and not words(control):
            yield "an empty <th>"


def _nothing_inline(page: Page) -> Iterator[str]:
    for element in page.all():
        if element.tag == "style" or element.get("style") is not None:
            yield f"inline style in <{element.tag}>"
        if element.tag == "script" and (element.get("src") is None or words(element) or element.text):
            yield "inline script"
        for name, value in element.attrib.items():
            if str(name).startswith("on") or str(value).strip().lower().startswith("javascript:"):
                yield f"inline script in <{element.tag} {name}>"


def _only_ours(page: Page) -> Iterator[str]:
    for element in page.all():
        attribute = LOADING.get(element.tag if isinstance(element.tag, str) else "")
        address = element.get(attribute, "") if attribute else ""
        if urlsplit(address).netloc not in ("", "localhost"):
            yield f"<{element.tag}> loads from elsewhere: {address}"
        if element.tag == "form" and urlsplit(element.get("action", "")).netloc not in ("", "localhost"):
            yield f"a form is sent elsewhere: {element.get('action')}"


def _spoken(page: Page) -> Iterator[str]:
    """Who speaks to a device says what stands on a button: it must be part of its name (WCAG 2.5.3)."""
    for element in page.all():
        name, seen = element.get("aria-label"), words(element)
        if name and element.tag in ("a", "button") and seen.lower() not in name.lower():
            yield f"<{element.tag}> shows {seen!r} and is called {name!r}"


def _summary(page: Page) -> Iterator[str]:
    summaries = [element for element in page.all() if element.get("id") == "fehler"]
    if page.status == 422 and not summaries:
        yield "422 without an error summary"
    for summary in summaries:
        controls = {element.get("id") for element in page.all() if element.tag in CONTROLS}
        for link in summary.iter("a"):
            target = link.get("href", "").removeprefix("#")
            if link.get("href", "").startswith("#") and target not in controls:
                yield f'the error summary leads to "{target}", which is no field'


def _named(element: Element) -> bool:
    return bool(element.get("aria-label") or element.get("aria-labelledby") or element.get("title"))


def _pieces(element: Element) -> Iterator[str]:
    if element.tag in ("script", "style", "template") or not isinstance(element.tag, str):
        return
    yield element.text or ""
    for child in element:
        if child.tag in ("p", "li", "div", "dd", "dt", "td", "th", "br", "option", "legend", *HEADINGS):
            yield " "
        yield from _pieces(child)
        yield child.tail or ""


def values(form: Element) -> Iterator[tuple[str, Any]]:
    for control in form.iter():
        name = control.get("name")
        if not name or control.get("disabled") is not None:
            continue
        if control.tag == "textarea":
            yield name, control.text or ""
        elif control.tag == "select":
            options = list(control.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            for option in chosen:
                yield name, option.get("value", option.text or "")
        elif control.tag == "input" and control.get("type") in ("radio", "checkbox"):
            if control.get("checked") is not None:
                yield name, control.get("value", "on")
        elif control.tag == "input" and control.get("type") not in (
            "submit",
            "button",
            "image",
            "file",
            "reset",
        ):
            yield name, control.get("value", "")
