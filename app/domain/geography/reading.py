"""Reads areas from GeoJSON (RFC 7946) and names what is wrong with them, feature by feature."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.validation import explain_validity

# Germany and what its neighbours share with it, in degrees: a place outside is a mistake of the coordinates.
WEST, SOUTH, EAST, NORTH = 5.0, 47.0, 16.0, 56.0
# Neighbours drawn apart may overlap by a sliver; beyond this share of the smaller one it is a fault.
SLIVER = 0.001
# More corners than any map of a town needs; a file of a cadastre is simplified first.
MOST_POSITIONS = 200_000
MOST_FEATURES = 5_000
MOST_BYTES = 20_000_000
MOST_FAULTS = 200


class FaultKind(StrEnum):
    """What can be wrong with a file of areas; the sentences for it stand with the pages."""

    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    NOT_GEOJSON = "not_geojson"
    OTHER_SYSTEM = "other_system"
    TOO_MANY = "too_many"
    NO_FEATURES = "no_features"
    NO_KEY = "no_key"
    KEY_TWICE = "key_twice"
    NO_NAME = "no_name"
    BAD_DATE = "bad_date"
    NO_AREA = "no_area"
    BAD_POSITION = "bad_position"
    NOT_CLOSED = "not_closed"
    TOO_FEW_POSITIONS = "too_few_positions"
    SWAPPED = "swapped"
    PROJECTED = "projected"
    ELSEWHERE = "elsewhere"
    CROSSES_ITSELF = "crosses_itself"
    HOLE_OUTSIDE = "hole_outside"
    INVALID = "invalid"
    OVERLAPS = "overlaps"
    UNKNOWN_PARENT = "unknown_parent"


@dataclass(frozen=True)
class Fault:
    """One thing wrong: in which feature (from 1; 0 is the file), whose key it is, and what was found."""

    kind: FaultKind
    feature: int = 0
    key: str = ""
    found: str = ""


@dataclass(frozen=True)
class Area:
    """One social space as the file gives it. The geometry is a GeoJSON MultiPolygon with outer rings
    anticlockwise, in degrees of longitude and latitude (EPSG:4326)."""

    key: str
    name: str
    level: str
    parent: str
    valid_from: date | None
    valid_to: date | None
    geometry: Mapping[str, Any]
    # Square kilometres on the ellipsoid's sphere of equal area; good to about 0.5 %.
    area_km2: float
    properties: Mapping[str, Any]


@dataclass
class Reading:
    """Areas that are right, and all that is wrong; somebody who takes a file takes it only without faults."""

    areas: list[Area] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(content: bytes) -> Reading:
    """Read a FeatureCollection. Keys come from `key` or the feature's id, names from `name`.

    Never raises for what is in the file: everything wrong is in `faults`, at most MOST_FAULTS of them.
    """
    reading = Reading()
    collection = _collection(content, reading.faults)
    if collection is None:
        return reading
    shapes: list[MultiPolygon] = []
    seen: dict[str, int] = {}
    for number, feature in enumerate(collection, start=1):
        if len(reading.faults) >= MOST_FAULTS:
            break
        found = _area(number, feature, seen, reading.faults)
        if found:
            area, shape = found
            reading.areas.append(area)
            shapes.append(shape)
    _find_overlaps(reading, shapes, seen)
    for area in reading.areas:
        if area.parent and area.parent not in seen:
            reading.faults.append(Fault(FaultKind.UNKNOWN_PARENT, seen[area.key], area.key, area.parent))
    del reading.faults[MOST_FAULTS:]
    return reading


def _collection(content: bytes, faults: list[Fault]) -> Sequence[Any] | None:
    if len(content) > MOST_BYTES:
        faults.append(Fault(FaultKind.TOO_LARGE, found=str(len(content))))
        return None
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_constant=lambda _: math.nan)
    except (ValueError, RecursionError) as error:
        faults.append(Fault(FaultKind.NOT_JSON, found=str(error)[:100]))
        return None
    if not isinstance(data, dict) or data.get("type") not in ("FeatureCollection", "Feature"):
        found = data.get("type", "") if isinstance(data, dict) else type(data).__name__
        faults.append(Fault(FaultKind.NOT_GEOJSON, found=str(found)[:100]))
        return None
    if other := _other_system(data.get("crs")):
        faults.append(Fault(FaultKind.OTHER_SYSTEM, found=other))
        return None
    features = [data] if data["type"] == "Feature" else data.get("features")
    if not isinstance(features, list) or not features:
        faults.append(Fault(FaultKind.NO_FEATURES))
        return None
    if len(features) > MOST_FEATURES:
        faults.append(Fault(FaultKind.TOO_MANY, found=str(len(features))))
        return None
    return features


def _other_system(crs: Any) -> str:
    """The name of a coordinate system a file of before RFC 7946 names, unless it is the usual one."""
    name = crs.get("properties", {}).get("name", "") if isinstance(crs, dict) else ""
    return "" if not name or str(name).upper().endswith(("CRS84", ":4326")) else str(name)[:100]


def _area(
    number: int, feature: Any, seen: dict[str, int], faults: list[Fault]
) -> tuple[Area, MultiPolygon] | None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        faults.append(Fault(FaultKind.NOT_GEOJSON, number))
        return None
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    before = len(faults)
    key = _text(properties.get("key")) or _text(feature.get("id"))
    if not key:
        faults.append(Fault(FaultKind.NO_KEY, number))
    elif seen.setdefault(key, number) != number:
        faults.append(Fault(FaultKind.KEY_TWICE, number, key, str(seen[key])))
    name = _text(properties.get("name"))
    if not name:
        faults.append(Fault(FaultKind.NO_NAME, number, key))
    days = [_day(properties.get(field), number, key, faults) for field in ("valid_from", "valid_to")]
    shape = _shape(feature.get("geometry"), number, key, faults)
    if shape is None or len(faults) > before:
        return None
    area = Area(
        key=key,
        name=name,
        level=_text(properties.get("level")) or "social_space",
        parent=_text(properties.get("parent")),
        valid_from=days[0],
        valid_to=days[1],
        geometry=mapping(shape),
        area_km2=round(_square_kilometres(shape), 3),
        properties=properties,
    )
    return area, shape


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _day(value: Any, number: int, key: str, faults: list[Fault]) -> date | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        faults.append(Fault(FaultKind.BAD_DATE, number, key, str(value)[:40]))
        return None


def _shape(geometry: Any, number: int, key: str, faults: list[Fault]) -> MultiPolygon | None:
    """The checked shape, or None after a fault was noted."""

    def fault(kind: FaultKind, found: str = "") -> None:
        faults.append(Fault(kind, number, key, found))

    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        fault(FaultKind.NO_AREA, str(kind or "")[:40])
        return None
    parts = geometry.get("coordinates")
    parts = [parts] if kind == "Polygon" else parts
    if not isinstance(parts, list) or not parts or not all(isinstance(part, list) and part for part in parts):
        fault(FaultKind.NO_AREA)
        return None
    positions = 0
    for ring in (ring for part in parts for ring in part):
        problem = _ring_fault(ring)
        if problem:
            fault(*problem)
            return None
        positions += len(ring)
    if positions > MOST_POSITIONS:
        fault(FaultKind.TOO_MANY, str(positions))
        return None
    shape = MultiPolygon(
        [Polygon([p[:2] for p in part[0]], [[p[:2] for p in hole] for hole in part[1:]]) for part in parts]
    )
    if not shape.is_valid:
        reason = explain_validity(shape)
        fault(_VALIDITY.get(reason.partition("[")[0], FaultKind.INVALID), reason[:120])
        return None
    return shapely.orient_polygons(shape)


_VALIDITY = {
    "Self-intersection": FaultKind.CROSSES_ITSELF,
    "Ring Self-intersection": FaultKind.CROSSES_ITSELF,
    "Hole lies outside shell": FaultKind.HOLE_OUTSIDE,
}


def _ring_fault(ring: Any) -> tuple[FaultKind, str] | None:
    if not isinstance(ring, list) or not ring:
        return FaultKind.NO_AREA, ""
    for position in ring:
        if not _is_position(position):
            return FaultKind.BAD_POSITION, str(position)[:60]
    if len(ring) < 4:
        return FaultKind.TOO_FEW_POSITIONS, str(len(ring))
    if ring[0][:2] != ring[-1][:2]:
        return FaultKind.NOT_CLOSED, f"{ring[0][:2]} … {ring[-1][:2]}"
    for x, y, *_ in ring:
        if abs(x) > 180 or abs(y) > 90:
            return FaultKind.PROJECTED, f"{x}, {y}"
        if not (WEST <= x <= EAST and SOUTH <= y <= NORTH):
            swapped = WEST <= y <= EAST and SOUTH <= x <= NORTH
            return (FaultKind.SWAPPED if swapped else FaultKind.ELSEWHERE), f"{x}, {y}"
    return None


def _is_position(position: Any) -> bool:
    return (
        isinstance(position, list)
        and 2 <= len(position) <= 4
        and all(isinstance(n, int | float) and not isinstance(n, bool) and math.isfinite(n) for n in position)
    )


def _find_overlaps(reading: Reading, shapes: Sequence[MultiPolygon], seen: Mapping[str, int]) -> None:
    """Two spaces of one level that are valid at the same time may touch, not overlap."""
    if not shapes:
        return
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for one, other in sorted((int(a), int(b)) for a, b in zip(*pairs, strict=True) if a < b):
        first, second = reading.areas[one], reading.areas[other]
        if first.level != second.level or not _at_the_same_time(first, second):
            continue
        common = shapes[one].intersection(shapes[other]).area
        smaller = min(shapes[one].area, shapes[other].area)
        if common > SLIVER * smaller:
            share = f"{common / smaller:.1%}".replace(".", ",")
            reading.faults.append(
                Fault(FaultKind.OVERLAPS, seen[second.key], second.key, f"{first.key}: {share}")
            )


def _at_the_same_time(first: Area, second: Area) -> bool:
    latest_start = max(first.valid_from or date.min, second.valid_from or date.min)
    return latest_start <= min(first.valid_to or date.max, second.valid_to or date.max)


def _square_kilometres(shape: MultiPolygon) -> float:
    """The area on a sphere: in the cylindrical equal-area projection areas are those of the globe."""
    total = 0.0
    for part in shape.geoms:
        total += abs(_ring_area(part.exterior.coords)) - sum(
            abs(_ring_area(hole.coords)) for hole in part.interiors
        )
    return total


# The radius of the sphere with as much surface as the earth (WGS 84), in kilometres.
_RADIUS = 6371.0072


def _ring_area(ring: Sequence[tuple[float, ...]]) -> float:
    points = list(_projected(ring))
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(points)) / 2


def _projected(ring: Sequence[tuple[float, ...]]) -> Iterator[tuple[float, float]]:
    for longitude, latitude, *_ in ring:
        yield _RADIUS * math.radians(longitude), _RADIUS * math.sin(math.radians(latitude))
