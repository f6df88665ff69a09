"""The files that readers take away: each format a pure function of the catalogue, which carries every caveat."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import TypeVar, overload

from ilms_publish import corridors
from ilms_publish.catalogue import Catalogue
from ilms_publish.downloads import api
from ilms_publish.downloads.checksums import sums
from ilms_publish.downloads.dcat import dcat_files
from ilms_publish.downloads.described import day
from ilms_publish.downloads.feeds import feeds
from ilms_publish.downloads.llms import llms_txt
from ilms_publish.downloads.of_package import put_files_of_packages
from ilms_publish.downloads.package_zip import package_zip, structure_zip
from ilms_publish.downloads.sdmx_structure import structure_message
from ilms_publish.filling import Filled
from ilms_publish.formats import API, CORRIDORS, DATA, PACKAGE, SDMX_STRUCTURES, STRUCTURE
from ilms_publish.writing import to_csv

Files = TypeVar("Files", bound=MutableMapping[str, bytes])
__all__ = ["downloads", "size", "sizes", "zips"]


@overload
def downloads(catalogue: Catalogue, site: str = "") -> dict[str, bytes]: ...
@overload
def downloads(catalogue: Catalogue, site: str, into: Files) -> Files: ...
def downloads(
    catalogue: Catalogue, site: str = "", into: MutableMapping[str, bytes] | None = None
) -> MutableMapping[str, bytes]:
    """Every file for readers: path below the site's root -> bytes. The same input gives the same bytes.

    site: address of the site's root with a slash at the end, for catalogues and feeds; empty when unknown.
    into: where the files are put, one package after the other; what it holds already is in the lists of sums.
    """
    structure, packages = catalogue.structure, catalogue.packages.values()
    files = {} if into is None else into
    files[f"{DATA}/{STRUCTURE}/{STRUCTURE}.zip"] = structure_zip(structure)
    put_files_of_packages(catalogue, files)
    pairs = corridors.rows(catalogue)
    files[CORRIDORS] = to_csv(pairs)
    files[SDMX_STRUCTURES] = structure_message(catalogue, day(max((p.issued for p in packages), default="")))
    files.update(api.lists(catalogue, pairs))
    files.update(dcat_files(catalogue, files, site))
    files.update(api.index(catalogue, files))
    files.update(sums(files, (DATA, API.partition("/")[0])))
    files.update(feeds(catalogue, site))
    files["llms.txt"] = llms_txt(catalogue, site)
    return files


def zips(catalogue: Catalogue) -> dict[str, bytes]:
    """The stand-alone packages and the structure alone: file name -> bytes."""
    made = {f"{package.id}{PACKAGE.suffix}": package_zip(catalogue, package) for package in catalogue.packages.values()}
    return made | {f"{STRUCTURE}{PACKAGE.suffix}": structure_zip(catalogue.structure)}


def sizes(files: Mapping[str, bytes]) -> dict[str, str]:
    """Path -> size in words, such as `12 kB` or `3.4 MB`."""
    lengths = files.lengths if isinstance(files, Filled) else {path: len(content) for path, content in files.items()}
    return {path: size(length) for path, length in lengths.items()}


def size(count: int) -> str:
    """A number of bytes in words."""
    return f"{count / 1e6:.1f}\u00a0MB" if count >= 1_000_000 else f"{max(1, round(count / 1000))}\u00a0kB"
