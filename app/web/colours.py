"""A host's colour, made legible on light and on dark paper."""

from __future__ import annotations

from app.domain.hosts import MIN_CONTRAST, contrast

WHITE, BLACK = "#ffffff", "#000000"
# The surfaces a colour stands on as text, from static/css/site.css: --paper and --ground. A tint mixes the colour
# itself into the paper, which costs contrast; the margin pays for it.
LIGHT_SURFACES = ("#ffffff", "#f3f6f5")
DARK_SURFACES = ("#182024", "#0f1517")
TINT_LIGHT, TINT_DARK = 0.09, 0.14


def stylesheet(accent: str) -> str:
    """The custom properties a host's pages are coloured by."""
    light = legible(accent, LIGHT_SURFACES, TINT_LIGHT, towards=BLACK)
    dark = legible(accent, DARK_SURFACES, TINT_DARK, towards=WHITE)
    return (
        ":root {\n"
        f"  --host-accent: {light};\n"
        f"  --host-accent-contrast: {text_on(light)};\n"
        f"  --host-accent-dark: {dark};\n"
        f"  --host-accent-dark-contrast: {text_on(dark)};\n"
        "}\n"
    )


def legible(colour: str, surfaces: tuple[str, ...], tint: float, *, towards: str) -> str:
    """`colour`, moved towards black or white only as far as text in it needs on all `surfaces` and on their tint."""
    candidates = (mix(towards, colour, step / 100) for step in range(101))
    return next(
        moved
        for moved in candidates
        if all(
            contrast(moved, background) >= MIN_CONTRAST
            for background in (*surfaces, mix(moved, surfaces[0], tint))
        )
    )


def text_on(colour: str) -> str:
    """Black or white, whichever is easier to read on `colour`."""
    return max((WHITE, BLACK), key=lambda text: contrast(text, colour))


def mix(colour: str, other: str, share: float) -> str:
    """`share` (0 to 1) of `colour`, the rest of `other`, in sRGB as color-mix() does."""
    parts = [
        round(int(colour[start : start + 2], 16) * share + int(other[start : start + 2], 16) * (1 - share))
        for start in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)
