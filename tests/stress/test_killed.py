"""A hundred builds killed at random moments: the last good site stays whole, and the next build succeeds."""

import os
import random
import time
from collections.abc import Mapping
from pathlib import Path

from tests.building import built, killed, tree
from tests.worlds import World

KILLS = int(os.environ.get("ILMS_KILLS", "100"))


def test_site_stays_whole(world: World) -> None:
    """Each build has something to do: the packages are made other than those of the site that stands."""
    home, site = world.root / "datapackages", world.root / "site"
    built(world)
    old, before = tree(site), tree(home)
    world.edit("zza/package.yaml", "Statistics Zedland", "Statistics of Zedland")
    world.package()
    after = tree(home)
    began = time.monotonic()
    built(world, out="expected")
    seconds = time.monotonic() - began
    new = tree(world.root / "expected")
    assert new != old
    rng, cut = random.Random(3), 0
    for number in range(KILLS):
        packages = after if tree(site) == old else before
        put(home, packages)
        near_the_end = number % 3 == 0
        cut += killed(world, seconds * (rng.uniform(0.85, 1.05) if near_the_end else rng.random()))
        assert tree(site) in (old, new), f"neither the old site nor the new one after kill {number}"
        assert tree(home) == packages, f"an input has changed after kill {number}"
    assert cut > KILLS // 2, "too few builds were killed to tell"
    put(home, after)
    built(world)
    assert tree(site) == new


def put(home: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        (home / name).write_bytes(content)
