"""How the files of an edition are made: one renderer for each format."""

from __future__ import annotations

from app.domain.edition_files import Logo, Progress, Renderer, Renderers
from app.domain.snapshot import Snapshot
from app.exports import results_csv, results_json
from app.models import FileFormat


def _pdf(snapshot: Snapshot, logo: Logo | None, progress: Progress) -> bytes:
    # Not above: WeasyPrint takes a second and much memory, and pages never need it.
    from app.exports import pdf

    # Staff were told about signs no font has before they published; a frozen text cannot be changed any more.
    return pdf.render(snapshot, logo, progress, replace_missing=True)


def _csv(snapshot: Snapshot, _logo: Logo | None, _progress: Progress) -> bytes:
    return results_csv.render(snapshot)


def _json(snapshot: Snapshot, _logo: Logo | None, _progress: Progress) -> bytes:
    return results_json.render(snapshot)


RENDERERS: Renderers = {
    FileFormat.PDF: Renderer(_pdf, "application/pdf", is_heavy=True),
    FileFormat.CSV: Renderer(_csv, results_csv.MEDIA_TYPE),
    FileFormat.JSON: Renderer(_json, results_json.MEDIA_TYPE),
}
