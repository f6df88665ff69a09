"""Notes what a page reads while it is made, so that it is made anew only when something it read has changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Held = TypeVar("Held")
Note = tuple[str, Any]
"""A shelf, and what was read of it: one key, or None for the list of its keys."""


class Trace:
    """Collects notes while a page is made."""

    def __init__(self) -> None:
        self._open: list[set[Note]] = []

    def note(self, *notes: Note) -> None:
        """Adds to what everything being made has read."""
        for notes_of_one in self._open:
            notes_of_one.update(notes)

    @contextmanager
    def noting(self) -> Iterator[set[Note]]:
        """What is read inside."""
        noted: set[Note] = set()
        self._open.append(noted)
        try:
            yield noted
        finally:
            self._open.pop()


class Watched(Mapping[Key, Held], Generic[Key, Held]):
    """A mapping that notes what is read of it. make: gives what stands under a key whenever it is asked for."""

    def __init__(self, shelf: str, trace: Trace, keys: Iterable[Key], make: Callable[[Key], Held]) -> None:
        self._shelf, self._trace, self._make = shelf, trace, make
        self._keys = dict.fromkeys(keys)

    def __getitem__(self, key: Key) -> Held:
        self._trace.note((self._shelf, key))
        if key not in self._keys:
            raise KeyError(key)
        return self._make(key)

    def __contains__(self, key: object) -> bool:
        self._trace.note((self._shelf, None))
        return key in self._keys

    def __iter__(self) -> Iterator[Key]:
        self._trace.note((self._shelf, None))
        return iter(self._keys)

    def __len__(self) -> int:
        self._trace.note((self._shelf, None))
        return len(self._keys)
