"""Areas of social spaces: reading GeoJSON, and what a map is drawn from."""

from app.domain.geography.reading import Area, Fault, FaultKind, Reading, read

__all__ = ["Area", "Fault", "FaultKind", "Reading", "read"]
