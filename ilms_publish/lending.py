"""Things that can be made again: those used last are held, the others make room and are made anew when asked for."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Generic, TypeVar

import pandas as pd
import pyarrow as pa

Thing = TypeVar("Thing")
MB = 1_000_000
HOLDS = 384 * MB
"""What the room of a process holds before anything is put out: all shapes of some 130,000 observations."""
ROW = 300
"""Bytes of an observation as a row of texts, roughly."""


class Room:
    """What a process holds of all that it could make again. Weights are rough numbers of bytes."""

    def __init__(self, holds: int) -> None:
        self.holds = holds
        self._held: OrderedDict[int, weakref.ref[Loan[Any]]] = OrderedDict()
        self._weight = 0
        self._turn = threading.RLock()

    def at_least(self, weight: int) -> None:
        """Makes the room large enough for one package, whose tables are read again and again while it is checked."""
        self.holds = max(self.holds, weight)

    def took(self, loan: Loan[Any]) -> None:
        """A thing was asked for: it is the last now to be put out. Those used longest ago make room for it."""
        with self._turn:
            if id(loan) not in self._held:
                self._weight += loan.weight
                self._held[id(loan)] = weakref.ref(loan, partial(self._left, id(loan), loan.weight))
            self._held.move_to_end(id(loan))
            while self._weight > self.holds and len(self._held) > 1:
                _, oldest = self._held.popitem(last=False)
                one = oldest()
                if one is not None:
                    self._weight -= one.weight
                    one.put_out()

    def _left(self, number: int, weight: int, gone: weakref.ref[Loan[Any]]) -> None:
        """A loan that nobody knows any more weighs nothing."""
        with self._turn:
            if self._held.get(number) is gone:
                del self._held[number]
                self._weight -= weight


ROOM = Room(HOLDS)
"""The one room of this process."""


class Loan(Generic[Thing]):
    """One thing. make: gives it, the same whenever it is called; weight: roughly its bytes; held: when it is at hand.

    Raises whatever `make` raises.
    """

    def __init__(self, make: Callable[[], Thing], weight: int, held: Thing | None = None, room: Room = ROOM) -> None:
        self._make, self.weight, self._room = make, weight, room
        self._held = held
        if held is not None:
            room.took(self)

    def __call__(self) -> Thing:
        """The thing; who asks should let go of it when done."""
        thing = self._held
        if thing is None:
            thing = self._held = self._make()
        self._room.took(self)
        return thing

    def put_out(self) -> None:
        """Lets go of the thing until it is asked for."""
        self._held = None


class Lent(Mapping[str, Thing]):
    """A mapping whose things are on loan."""

    def __init__(self, loans: Iterable[tuple[str, Loan[Thing]]]) -> None:
        self._loans = dict(loans)

    def __getitem__(self, key: str) -> Thing:
        return self._loans[key]()

    def __contains__(self, key: object) -> bool:
        return key in self._loans

    def __iter__(self) -> Iterator[str]:
        return iter(self._loans)

    def __len__(self) -> int:
        return len(self._loans)


def frame_on_loan(frame: pd.DataFrame) -> Loan[pd.DataFrame]:
    """A frame of texts and numbers, which is packed to some ten bytes a row where it has to make room."""
    return Loan(partial(_unpacked, _packed(frame)), ROW * len(frame), frame)


def _packed(frame: pd.DataFrame) -> bytes:
    table = pa.Table.from_pandas(frame, preserve_index=True)
    texts = [place for place, field in enumerate(table.schema) if pa.types.is_large_string(field.type)]
    for place in texts:
        table = table.set_column(place, table.schema.names[place], table.column(place).dictionary_encode())
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def _unpacked(packed: bytes) -> pd.DataFrame:
    table = pa.ipc.open_stream(packed).read_all()
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(field.type.value_type))
    frame: pd.DataFrame = table.to_pandas()
    return frame
