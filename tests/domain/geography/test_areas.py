"""Areas from GeoJSON: what is right is read, what is wrong is named with its feature, and nothing else is taken."""

import copy
import json
from datetime import date
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.geography import Fault, FaultKind, read
from app.domain.geography import reading as reader

TOWN = Path(__file__).parent / "sozialraeume.geojson"
SQUARE = [[7.0, 51.0], [7.1, 51.0], [7.1, 51.1], [7.0, 51.1], [7.0, 51.0]]


def feature(*rings, key="SR01", name="Altstadt", **properties):
    return {
        "type": "Feature",
        "properties": {"key": key, "name": name, **properties},
        "geometry": {"type": "Polygon", "coordinates": list(rings) or [SQUARE]},
    }


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def faults(*features, **more):
    return read(collection(*features, **more)).faults


def moved(ring, x, y):
    return [[a + x, b + y] for a, b in ring]


def test_read_the_demo_town_gives_its_six_spaces():
    reading = read(TOWN.read_bytes())

    assert reading.faults == []
    assert [area.key for area in reading.areas] == ["SR01", "SR02", "SR03", "SR04", "SR05", "SR06"]
    first = reading.areas[0]
    assert (first.name, first.level, first.valid_from, first.valid_to) == (
        "Altstadt (fiktiv)",
        "social_space",
        date(2019, 1, 1),
        None,
    )
    assert first.geometry["type"] == "MultiPolygon"


def test_read_turns_rings_as_the_standard_asks():
    hole = moved([[0.02, 0.02], [0.04, 0.02], [0.04, 0.04], [0.02, 0.04], [0.02, 0.02]], 7, 51)

    (area,) = read(collection(feature(SQUARE[::-1], hole))).areas

    outer, inner = area.geometry["coordinates"][0]
    assert shapely.is_ccw(shapely.linearrings(outer))
    assert not shapely.is_ccw(shapely.linearrings(inner))


def test_read_measures_the_area_on_the_globe():
    hole = moved([[0.02, 0.02], [0.04, 0.02], [0.04, 0.04], [0.02, 0.04], [0.02, 0.02]], 7, 51)

    whole, with_hole = (
        read(collection(feature(*rings))).areas[0].area_km2 for rings in ([SQUARE], [SQUARE, hole])
    )

    # A tenth of a degree at 51.05° north: 7.00 km by 11.12 km; the hole is a twenty-fifth of it.
    assert whole == pytest.approx(77.7, abs=0.4)
    assert with_hole == pytest.approx(whole * 24 / 25, rel=1e-3)


def test_read_takes_several_parts_and_a_byte_order_mark():
    several = feature()
    several["geometry"] = {"type": "MultiPolygon", "coordinates": [[SQUARE], [moved(SQUARE, 0.5, 0.5)]]}

    reading = read(b"\xef\xbb\xbf" + collection(several))

    assert reading.faults == []
    assert len(reading.areas[0].geometry["coordinates"]) == 2


BOW = [[7.0, 51.0], [7.1, 51.1], [7.1, 51.0], [7.0, 51.1], [7.0, 51.0]]


@pytest.mark.parametrize(
    ("rings", "kind", "found"),
    [
        ([SQUARE[:-1]], FaultKind.NOT_CLOSED, "[7.0, 51.0] … [7.0, 51.1]"),
        ([[SQUARE[0], SQUARE[1], SQUARE[0]]], FaultKind.TOO_FEW_POSITIONS, "3"),
        ([BOW], FaultKind.CROSSES_ITSELF, "Self-intersection[7.05 51.05]"),
        ([SQUARE, moved(SQUARE, 3, 3)], FaultKind.HOLE_OUTSIDE, "Hole lies outside shell[10 54]"),
        ([[[y, x] for x, y in SQUARE]], FaultKind.SWAPPED, "51.0, 7.0"),
        (
            [[[359000.5, 5700000], *[[0, 0]] * 3, [359000.5, 5700000]]],
            FaultKind.PROJECTED,
            "359000.5, 5700000",
        ),
        ([[[0, 0], [1, 0], [1, 1], [0, 0]]], FaultKind.ELSEWHERE, "0, 0"),
        ([[[7, "51"], [7, 51], [7, 51], [7, "51"]]], FaultKind.BAD_POSITION, "[7, '51']"),
        ([[[7, None], [7, 51], [7, 51], [7, 51]]], FaultKind.BAD_POSITION, "[7, None]"),
        ([[]], FaultKind.NO_AREA, ""),
    ],
)
def test_read_a_ring_that_is_wrong_names_it(rings, kind, found):
    assert faults(feature(*rings)) == [Fault(kind, 1, "SR01", found)]


@pytest.mark.parametrize(
    ("properties", "fault"),
    [
        ({"key": ""}, Fault(FaultKind.NO_KEY, 1)),
        ({"name": " "}, Fault(FaultKind.NO_NAME, 1, "SR01")),
        ({"valid_from": "1.1.2019"}, Fault(FaultKind.BAD_DATE, 1, "SR01", "1.1.2019")),
        ({"parent": "CITY"}, Fault(FaultKind.UNKNOWN_PARENT, 1, "SR01", "CITY")),
    ],
)
def test_read_a_property_that_is_wrong_names_it(properties, fault):
    assert faults(feature(**properties)) == [fault]


def test_read_two_features_with_one_key_names_the_second():
    assert faults(feature(), feature(moved(SQUARE, 1, 1))) == [Fault(FaultKind.KEY_TWICE, 2, "SR01", "1")]


def test_read_neighbours_may_touch_and_not_overlap():
    beside = feature(moved(SQUARE, 0.1, 0), key="SR02")
    over = feature(moved(SQUARE, 0.05, 0), key="SR03")

    assert faults(feature(), beside) == []
    assert faults(feature(), over) == [Fault(FaultKind.OVERLAPS, 2, "SR03", "SR01: 50,0%")]


def test_read_a_successor_and_a_quarter_may_lie_where_another_space_lies():
    old = feature(valid_to="2019-12-31")
    new = feature(key="SR01a", valid_from="2020-01-01")
    quarter = feature(key="Q1", level="quarter", parent="SR01a")

    assert faults(old, new, quarter) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", FaultKind.NOT_JSON),
        (b"\xff\xfe", FaultKind.NOT_JSON),
        (b"[" * 100_000, FaultKind.NOT_JSON),
        (b"[]", FaultKind.NOT_GEOJSON),
        (b'{"type": "Topology"}', FaultKind.NOT_GEOJSON),
        (b'{"type": "FeatureCollection", "features": []}', FaultKind.NO_FEATURES),
        (b'{"type": "FeatureCollection", "features": [5]}', FaultKind.NOT_GEOJSON),
    ],
)
def test_read_what_is_no_file_of_areas_says_so(content, kind):
    reading = read(content)

    assert [fault.kind for fault in reading.faults] == [kind]
    assert reading.areas == []


def test_read_a_file_in_another_system_says_which():
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}

    assert faults(feature(), crs=crs) == [Fault(FaultKind.OTHER_SYSTEM, found="urn:ogc:def:crs:EPSG::25832")]
    crs["properties"]["name"] = "urn:ogc:def:crs:OGC:1.3:CRS84"
    assert faults(feature(), crs=crs) == []


def test_read_limits_what_it_looks_at(monkeypatch):
    monkeypatch.setattr(reader, "MOST_FAULTS", 3)
    assert len(faults(*[feature(key="") for _ in range(10)])) == 3
    monkeypatch.setattr(reader, "MOST_FEATURES", 1)
    assert faults(feature(), feature(key="b")) == [Fault(FaultKind.TOO_MANY, found="2")]
    monkeypatch.setattr(reader, "MOST_POSITIONS", 4)
    assert faults(feature()) == [Fault(FaultKind.TOO_MANY, 1, "SR01", "5")]
    monkeypatch.setattr(reader, "MOST_BYTES", 10)
    assert [fault.kind for fault in faults(feature())] == [FaultKind.TOO_LARGE]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["geometry", "properties", "coordinates", "position", "type"]), JSON)
def test_read_with_anything_anywhere_never_fails(place, value):
    one = copy.deepcopy(feature())
    if place == "coordinates":
        one["geometry"]["coordinates"] = value
    elif place == "position":
        one["geometry"]["coordinates"][0][1] = value
    else:
        one[place] = value

    reading = read(collection(one))

    assert reading.areas or reading.faults
