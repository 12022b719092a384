"""The memory of kept pages is bounded."""

from app.web import cache
from app.web.cache import PageCache, _Page


def page(size: int) -> _Page:
    return _Page(b"x" * size, b"", "etag")


def test_the_page_used_longest_ago_goes_first(monkeypatch):
    monkeypatch.setattr(cache, "MOST_PAGES", 2)
    pages = PageCache()
    pages.put(("a",), page(1))
    pages.put(("b",), page(1))
    pages.get(("a",))
    pages.put(("c",), page(1))

    assert [name for name in "abc" if pages.get((name,))] == ["a", "c"]


def test_large_pages_make_room_for_each_other(monkeypatch):
    monkeypatch.setattr(cache, "MOST_BYTES", 100)
    pages = PageCache()
    for name in "abcd":
        pages.put((name,), page(40))

    assert [name for name in "abcd" if pages.get((name,))] == ["c", "d"]
    assert pages._bytes == 80


def test_the_same_page_counts_once(monkeypatch):
    pages = PageCache()
    pages.put(("a",), page(40))
    pages.put(("a",), page(40))

    assert pages._bytes == 40
