"""A page for each version ever released: its day, its sum, where its zip is, what changed, and how to cite it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ilms_publish.citing import publisher
from ilms_publish.formats import NAME, PACKAGE
from ilms_publish.history import Revision, history
from ilms_publish.ledger import Release
from ilms_publish.model import Package
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.page import About, Draft, Page, compose


def pages(edition: Edition) -> Iterator[Draft]:
    """Every released version, at /releases/<package>/<version>/ for good."""
    for package in edition.catalogue.packages.values():
        earlier: Release | None = None
        for one in versions(edition, package):
            yield Draft(f"releases/{one.package}/{one.version}", partial(_page, edition, package, one, earlier))
            earlier = one


def versions(edition: Edition, package: Package) -> Iterator[Release]:
    """The releases of a package, the oldest first."""
    own = (one for one in edition.catalogue.releases if one.package == package.id)
    yield from sorted(own, key=lambda one: one.numbers)


def wrong_since(edition: Edition, one: Revision) -> str:
    """The first release that may hold a figure before its correction: the last one before it. Blank when unreleased."""
    before = [release for release in versions(edition, one.package) if release.date < one.date]
    return f"{before[-1].version} or earlier" if before else ""


def _page(edition: Edition, package: Package, one: Release, earlier: Release | None) -> Page:
    name = edition.name(package)
    about = About(
        f"releases/{one.package}/{one.version}",
        f"{name}, version {one.version}",
        f"Version {one.version} of the data package {one.package}, released on {one.date}: its sum, what changed "
        "since the version before, and how to cite it.",
        one.date,
    )
    current = package.version == one.version
    changes = [
        entry
        for entry in history(edition.structure, package)
        if entry.date <= one.date and (earlier is None or entry.date > earlier.date)
    ]
    return compose(
        about,
        "released.html",
        trail=[("Releases and revisions", "releases"), (name, address(package))],
        release=one,
        earlier=earlier,
        package=package,
        home=address(package),
        current=current,
        zip=PACKAGE.of_package(package.id) if current else "",
        folder=f"{NAME}-{package.id}",
        changes=changes,
        cited=_citation(package, one),
    )


def _citation(package: Package, one: Release) -> str:
    return (
        f"{publisher(package)}. {package.title}. ILMS Publish, package {one.package}, version {one.version} of "
        f"{one.date}, /releases/{one.package}/{one.version}/. SHA-256 of its content: {one.content}."
    )


def since(edition: Edition) -> partial[str]:
    """For a template: since which release a corrected figure was wrong."""
    return partial(wrong_since, edition)
