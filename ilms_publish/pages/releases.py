"""The page of releases: the version of each package, and every published figure that changed, with the reason."""

from __future__ import annotations

from ilms_publish.formats import CHANGES_FEED, FEED, changes_feed, package_feed
from ilms_publish.history import newest_first
from ilms_publish.pages.edition import Edition, address
from ilms_publish.pages.page import About, Page, compose
from ilms_publish.pages.released import since, versions


def page(edition: Edition) -> Page:
    """Versions of all packages, then every revision, the newest first."""
    packages = [*edition.national, *edition.estimates]
    about = About(
        "releases", "Releases and revisions", "The version of every data package, and every published figure that "
        "was changed: when, why, and whether the change was announced.", edition.updated,
    )  # fmt: skip
    return compose(
        about,
        "releases.html",
        packages=[(edition.name(package), address(package), package) for package in packages],
        revisions=[(edition.name(one.package), address(one.package), one) for one in newest_first(edition.catalogue)],
        released=[(edition.name(package), package, list(versions(edition, package))[::-1]) for package in packages],
        since=since(edition),
        feeds=(FEED, CHANGES_FEED),
        own_feeds=[(edition.name(one), package_feed(one.id), changes_feed(one.id)) for one in packages],
    )
