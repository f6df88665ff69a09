"""The files that readers take away: each format a pure function of the catalogue, which carries every caveat."""

from __future__ import annotations

from collections.abc import Mapping

from ilms_publish import corridors
from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads import api
from ilms_publish.downloads.checksums import with_sums
from ilms_publish.downloads.dcat import dcat_files
from ilms_publish.downloads.described import day
from ilms_publish.downloads.feeds import feeds
from ilms_publish.downloads.llms import llms_txt
from ilms_publish.downloads.of_package import files_of_packages
from ilms_publish.downloads.package_zip import package_zip, structure_zip
from ilms_publish.downloads.sdmx_structure import structure_message
from ilms_publish.formats import API, CORRIDORS, DATA, PACKAGE, SDMX_STRUCTURES, STRUCTURE
from ilms_publish.writing import to_csv

__all__ = ["downloads", "size", "sizes", "zips"]


def downloads(catalogue: Catalogue, site: str = "", beside: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """Every file for readers: path below the site's root -> bytes. The same input gives the same bytes.

    site: address of the site's root with a slash at the end, for catalogues and feeds; empty when unknown.
    beside: files made elsewhere that the lists of sums are to hold.
    """
    structure, packages = catalogue.structure, catalogue.packages.values()
    files: dict[str, bytes] = {**(beside or {}), f"{DATA}/{STRUCTURE}/{STRUCTURE}.zip": structure_zip(structure)}
    files |= files_of_packages(catalogue)
    pairs = corridors.rows(catalogue)
    files[CORRIDORS] = to_csv(pairs)
    files[SDMX_STRUCTURES] = structure_message(catalogue, day(max((p.issued for p in packages), default="")))
    files |= api.lists(catalogue, pairs)
    files |= dcat_files(catalogue, files, site)
    files |= api.index(catalogue, files)
    files = with_sums(files, (DATA, API.partition("/")[0]))
    return files | feeds(catalogue, site) | {"llms.txt": llms_txt(catalogue, site)}


def zips(catalogue: Catalogue) -> dict[str, bytes]:
    """The stand-alone packages and the structure alone: file name -> bytes."""
    made = {f"{package.id}{PACKAGE.suffix}": package_zip(catalogue, package) for package in catalogue.packages.values()}
    return made | {f"{STRUCTURE}{PACKAGE.suffix}": structure_zip(catalogue.structure)}


def sizes(files: Mapping[str, bytes]) -> dict[str, str]:
    """Path -> size in words, such as `12 kB` or `3.4 MB`."""
    return {path: size(len(content)) for path, content in files.items()}


def size(count: int) -> str:
    """A number of bytes in words."""
    return f"{count / 1e6:.1f}\u00a0MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))}\u00a0kB"
