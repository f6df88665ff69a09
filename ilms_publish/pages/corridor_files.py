"""What a reader takes away from a corridor: the files that hold its figures, and how they are cited."""

from __future__ import annotations

from ilms_publish.citing import Several
from ilms_publish.corridors import Corridor
from ilms_publish.formats import CORRIDORS, CSV
from ilms_publish.model import Source
from ilms_publish.pages.edition import Edition
from ilms_publish.pages.take import File


def taken(edition: Edition, corridor: Corridor) -> list[File]:
    """The files in which its figures stand: text, path, size."""
    records = [*corridor.sent, *corridor.received, *corridor.estimates]
    paths = [("Every corridor with a page, one row a figure", CORRIDORS)]
    for record in records:
        package = record.figures.table.package
        path = CSV.of_table(package.id, record.figures.definition.slug)
        paths.append((f"{edition.name(package)}, {record.figures.definition.short}", path))
    return [(text, path, edition.downloads.get(path, "")) for text, path in dict.fromkeys(paths)]


def cited(edition: Edition, corridor: Corridor) -> Several:
    """Its figures as they are cited: from which packages and sources."""
    tables = [one.figures.table for one in (*corridor.sent, *corridor.received, *corridor.estimates)]
    packages = dict.fromkeys(table.package.id for table in tables)
    place = edition.corridor(corridor.origin, corridor.destination)
    return Several(
        place.replace("/", "-"),
        f"Corridor: {edition.area(corridor.origin)} to {edition.area(corridor.destination)}",
        place,
        [edition.catalogue.packages[name] for name in packages],
        [source.title for table in tables for source in table.sources if _used(source, corridor)],
    )


def _used(source: Source, corridor: Corridor) -> bool:
    records = (*corridor.sent, *corridor.received, *corridor.estimates)
    return any(o.source == source.id for record in records for o in record.observations)
