"""Questions to a page in the browser: what axe finds, whether it fits, where the focus is."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page

(AXE_FOLDER,) = (Path(__file__).parents[1] / "vendor").glob("axe-core-*")
AXE = (AXE_FOLDER / "axe.min.js").read_text(encoding="utf-8")

PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds on the page, with the elements; only `rules` where any are named."""
    if not page.evaluate("() => 'axe' in window"):
        # Not as a script of the page: its content security policy would stop it.
        page.evaluate(AXE)
    found = page.evaluate(
        """async (rules) => {
            const options = {resultTypes: ['violations'], ...(rules.length ? {runOnly: rules} : {})};
            const {violations} = await axe.run(document, options);
            return violations.map(each => each.id + ': ' + each.nodes.map(node => node.html.slice(0, 160) +
                ' (' + node.failureSummary.split('\\n').slice(1).join('; ').trim() + ')').join(' | '));
        }""",
        list(rules),
    )
    return [str(each) for each in found]


def too_wide(page: Page) -> list[str]:
    """What does not fit its width; [] when all does: elements that stick out where the page would have to be scrolled
    sideways, and buttons whose words are squeezed into a column or stick out of them."""
    return [
        str(each)
        for each in page.evaluate(
            """() => {
                const root = document.scrollingElement, room = root.clientWidth;
                const squeezed = [...document.querySelectorAll('.kern-btn .kern-label')].filter(words => {
                    const box = words.getBoundingClientRect();
                    const button = words.closest('.kern-btn').getBoundingClientRect();
                    return box.width && (box.height > 4 * box.width || box.width > button.width + 1);
                }).map(words => 'squeezed: ' + words.outerHTML.slice(0, 120));
                if (root.scrollWidth <= room) return squeezed;
                const out = [...document.body.querySelectorAll('*')].filter(element => {
                    const box = element.getBoundingClientRect();
                    return box.width && (box.right > room + 1 || box.left < -1);
                });
                const words = out.slice(0, 5).map(element => element.outerHTML.slice(0, 120));
                return [`${root.scrollWidth} > ${room}`, ...words, ...squeezed];
            }"""
        )
    ]


def focus_is_visible(page: Page) -> bool:
    """True when the focused element shows an outline or a shadow that it has only with focus."""
    return bool(
        page.evaluate(
            """() => {
                const element = document.activeElement;
                const seen = each => {
                    const style = getComputedStyle(each);
                    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow,
                        style.borderColor, style.backgroundColor].join();
                };
                const style = getComputedStyle(element);
                if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) return true;
                // Radios and boxes of the kit draw themselves around a hidden control.
                const shown = [element, element.nextElementSibling, element.parentElement].filter(Boolean);
                const with_focus = shown.map(seen);
                element.blur();
                const without = shown.map(seen);
                element.focus({focusVisible: true});
                return with_focus.some((each, place) => each !== without[place]);
            }"""
        )
    )


def focused(page: Page) -> str:
    """The focused element in short: tag, id, name, value or words."""
    return str(
        page.evaluate(
            """() => { const each = document.activeElement;
                return [each.tagName.toLowerCase(), each.id && '#' + each.id, each.name, each.value,
                    (each.innerText || '').slice(0, 60)].filter(Boolean).join(' '); }"""
        )
    )


def tab_to(page: Page, target: Locator, *, most: int = 120, backwards: bool = False) -> None:
    """Press Tab until `target` has the focus, as somebody without a mouse does."""
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"the keyboard does not reach {target}; the focus is at {focused(page)}")
