"""All links lead somewhere, nothing is loaded from elsewhere, no script and no policy complains."""

from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

FILES = (".ics", ".css", ".png", ".txt", ".pdf", ".csv", ".json")


def crawl(page, address, starts, *, below="/", most=700):
    """Open all pages `below` that can be reached by links; returns what is wrong, and which pages there were."""
    broken = []
    page.on(
        "response",
        lambda answer: broken.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
    )
    waiting, seen = [urljoin(address, start) for start in starts], set()
    while waiting:
        target = waiting.pop()
        if target in seen:
            continue
        seen.add(target)
        assert len(seen) <= most, "pages without end"
        if urlsplit(target).path.endswith(FILES):
            # The browser would save it.
            answer = page.request.get(target)
            if answer.status != 200:
                broken.append(f"{answer.status} {target}")
            continue
        page.goto(target)
        for link in page.locator("a[href]").evaluate_all(
            "links => links.map(each => each.getAttribute('href'))"
        ):
            # A document carries the address the product is known by, not the one this server happens to have.
            known_by = link.replace("http://localhost/", f"{address}/")
            # A calendar fetches what it subscribes to as any other file.
            full, _fragment = urldefrag(urljoin(page.url, known_by.replace("webcal:", "http:", 1)))
            if urlsplit(full).netloc == urlsplit(address).netloc:
                if urlsplit(full).path.startswith(below):
                    waiting.append(full)
            elif not full.startswith(("mailto:", "tel:", "https:")):
                broken.append(f"leads nowhere safe: {full} on {page.url}")
    return broken, seen


@pytest.mark.parametrize(
    ("who", "starts", "below", "least"),
    [("everybody", ["/", "/ar/"], "/", 30), ("staff", ["/verwaltung/"], "/verwaltung/", 40)],
    ids=["residents", "staff"],
)
def test_every_link_leads_somewhere_and_nothing_comes_from_elsewhere(
    app, town, page_for, live_server, who, starts, below, least
):
    page = page_for(who)

    broken, seen = crawl(page, live_server, starts, below=below)

    # page_for() also fails the test for anything from elsewhere, a script that throws, or the policy at work.
    assert broken == []
    assert len(seen) >= least, sorted(seen)
