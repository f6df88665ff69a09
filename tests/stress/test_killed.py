"""A hundred builds killed at random moments: the last good site stays whole, and the next build succeeds."""

import os
import random
import time

from tests.building import built, killed, tree
from tests.worlds import World

KILLS = int(os.environ.get("ILMS_KILLS", "100"))


def test_site_stays_whole(world: World) -> None:
    began = time.monotonic()
    built(world)
    seconds = time.monotonic() - began
    old = tree(world.root / "site")
    world.edit("zza/package.yaml", "Statistics Zedland", "Statistics of Zedland")
    world.package()
    built(world, out="expected")
    new = tree(world.root / "expected")
    assert new != old
    rng, cut = random.Random(3), 0
    for number in range(KILLS):
        near_the_end = number % 3 == 0
        cut += killed(world, seconds * (rng.uniform(0.85, 1.05) if near_the_end else rng.random()))
        assert tree(world.root / "site") in (old, new), f"neither the old site nor the new one after kill {number}"
    assert cut > KILLS // 2, "too few builds were killed to tell"
    built(world)
    assert tree(world.root / "site") == new
