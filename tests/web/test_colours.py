"""A host's colour is legible on light and on dark paper, whatever it is."""

import colorsys
import re

import pytest

from app.domain.hosts import contrast
from app.web import colours

HUES = [
    "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue / 12, lightness, 1.0))
    for hue in range(12)
    for lightness in (0.1, 0.3, 0.5, 0.7, 0.9)
] + ["#000000", "#ffffff", "#767676"]


@pytest.mark.parametrize("accent", HUES)
def test_text_in_the_colour_can_be_read_on_every_surface(accent):
    found = dict(re.findall(r"--host-(\S+): (#[0-9a-f]{6});", colours.stylesheet(accent)))

    for name, surfaces, tint in (
        ("accent", colours.LIGHT_SURFACES, colours.TINT_LIGHT),
        ("accent-dark", colours.DARK_SURFACES, colours.TINT_DARK),
    ):
        colour = found[name]
        for surface in (*surfaces, colours.mix(colour, surfaces[0], tint)):
            assert contrast(colour, surface) >= 4.5
        assert contrast(found[f"{name}-contrast"], colour) >= 4.5


def test_a_colour_that_is_legible_already_stays_as_it_is():
    assert "--host-accent: #00615a;" in colours.stylesheet("#00615a")


def test_mixing_goes_from_one_colour_to_the_other():
    assert colours.mix("#ffffff", "#000000", 0) == "#000000"
    assert colours.mix("#ffffff", "#000000", 1) == "#ffffff"
    assert colours.mix("#ff0000", "#0000ff", 0.5) == "#800080"
