"""What can befall a data file: each kind of fault as a function of its bytes and a source of chance."""

import copy
import random
from collections.abc import Callable
from typing import Any

Fault = Callable[[bytes, random.Random], bytes]

ODD_NUMBERS = [
    "1_000", " 12 ", "\u0661\u0662", "NaN", "nan", "sNaN", "Infinity", "-inf", "1e5", "1E-3", ".5", "5.", "+5", "--5",
    "5 500", "5,500", "0x1F", "1234567890123456789", "\uff11\uff12", "12\u00a0", "-", "n/a", "12\t", "-0", "1.2.3",
]  # fmt: skip
ODD_YEARS = [
    "20016", "201", "2_19", " 201", "201 ", "+200", "-200", "\u0662\u0660\u0661\u0669", "20x9", "2e03", "0000", "2019.",
]  # fmt: skip
ODD_TEXTS = [
    "ZZQ", "SEX_Q", " SEX_T", "SEX_T ", "sex_t", "NA", "null", "#", "x\u2028y", "x\x0by", "x\x0cy", "x\x1cy", "x\x85y",
    "'quoted'", "it's, 'so' ", "\u00e9", "e\u0301", "\U0001f30f", "\ufeff", "a;b", "a\tb", "=1+1", "a\\b",
]  # fmt: skip
ODD_BYTES = [b"\xff", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80", b"\xe2\x82", b"\xe9"]


def lines(data: bytes) -> list[bytes]:
    """The lines without their ends; the last is empty when the file ends well."""
    return data.split(b"\n")


def at_line(change: Callable[[bytes, random.Random], bytes]) -> Fault:
    """A fault of one line below the header."""

    def fault(data: bytes, draw: random.Random) -> bytes:
        every = lines(data)
        if len(every) < 3:
            return data
        place = draw.randrange(1, len(every) - 1)
        every[place] = change(every[place], draw)
        return b"\n".join(every)

    return fault


def at_cell(texts: list[str], column: int | None = None) -> Fault:
    """A fault of one cell: the text of another, in a column or anywhere."""

    def change(line: bytes, draw: random.Random) -> bytes:
        cells = line.split(b",")
        text = draw.choice(texts)
        made = f'"{text}"' if "," in text else text
        place = draw.randrange(len(cells)) if column is None else min(column, len(cells) - 1)
        cells[place] = made.encode()
        return b",".join(cells)

    return at_line(change)


def at_header(change: Callable[[list[bytes]], list[bytes]]) -> Fault:
    """A fault of the header's cells."""

    def fault(data: bytes, draw: random.Random) -> bytes:
        first, mark, rest = data.partition(b"\n")
        return b",".join(change(first.split(b","))) + mark + rest

    return fault


def insert(what: bytes, anywhere: bool = False) -> Fault:
    """Bytes put in at a place, below the header unless anywhere."""

    def fault(data: bytes, draw: random.Random) -> bytes:
        start = 0 if anywhere else data.find(b"\n") + 1
        place = draw.randint(start, len(data))
        return data[:place] + what + data[place:]

    return fault


def repeat(data: bytes, draw: random.Random) -> bytes:
    """A row once more, further on."""
    every = lines(data)
    if len(every) < 3:
        return data
    every.insert(draw.randrange(1, len(every)), every[draw.randrange(1, len(every) - 1)])
    return b"\n".join(every)


def same_key(line: bytes, draw: random.Random) -> bytes:
    cells = line.split(b",")
    return line + b"\n" + b",".join([*cells[:5], b"77.5", *cells[6:]])


def same_key_otherwise_written(line: bytes, draw: random.Random) -> bytes:
    """A second row whose year is the same year in other digits."""
    cells = line.split(b",")
    if len(cells) < 5 or not cells[4].isdigit():
        return line
    year = "".join(chr(0x0660 + int(digit)) for digit in cells[4].decode()).encode()
    return line + b"\n" + b",".join([*cells[:4], year, *cells[5:]])


def blank_cells(*places: int) -> Callable[[bytes, random.Random], bytes]:
    def change(line: bytes, draw: random.Random) -> bytes:
        return b",".join(b"" if n in places else cell for n, cell in enumerate(line.split(b",")))

    return change


def some_odd_byte(data: bytes, draw: random.Random) -> bytes:
    return insert(draw.choice(ODD_BYTES), anywhere=True)(data, draw)


def shuffled(data: bytes, draw: random.Random) -> bytes:
    first, *rest = lines(data.removesuffix(b"\n"))
    draw.shuffle(rest)
    return b"\n".join([first, *rest]) + b"\n"


def swap_bytes(data: bytes, draw: random.Random) -> bytes:
    place = draw.randrange(len(data)) if data else 0
    return data[:place] + bytes([draw.randrange(256)]) + data[place + 1 :]


def many(data: bytes, draw: random.Random) -> bytes:
    """Faults in so many rows that Frictionless stops."""
    first, *rest = lines(data.removesuffix(b"\n"))
    share = draw.choice([0.5, 1.0])
    spoilt = [line.replace(b"SEX_", b"SEX-") if draw.random() < share else line for line in rest]
    return b"\n".join([first, *(spoilt * 40)]) + b"\n"


FAULTS: dict[str, Fault] = {
    "nothing": lambda data, draw: data,
    "other order": shuffled,
    "unknown code": at_cell(["SEX_Q", "ZZQ"]),
    "odd text": at_cell(ODD_TEXTS),
    "odd number": at_cell(ODD_NUMBERS, 5),
    "odd number elsewhere": at_cell(ODD_NUMBERS),
    "odd year": at_cell(ODD_YEARS, 4),
    "blank cell": at_cell([""]),
    "missing cell": at_line(lambda line, draw: line.rpartition(b",")[0]),
    "extra cell": at_line(lambda line, draw: line + b","),
    "extra filled cell": at_line(lambda line, draw: line + b",x"),
    "one cell": at_line(lambda line, draw: b"x"),
    "blank line": at_line(lambda line, draw: b"\n" + line),
    "line of spaces": at_line(lambda line, draw: b"  \n" + line),
    "blank cells only": at_line(lambda line, draw: b"," * line.count(b",")),
    "blank line at the end": lambda data, draw: data + b"\n",
    "blank line below the header": lambda data, draw: data.replace(b"\n", b"\n\n", 1),
    "no last newline": lambda data, draw: data.removesuffix(b"\n"),
    "byte order mark": lambda data, draw: b"\xef\xbb\xbf" + data,
    "byte order mark of UTF-16": lambda data, draw: b"\xff\xfe" + data,
    "UTF-16": lambda data, draw: data.decode("utf-8", "replace").encode("utf-16"),
    "Latin-1": lambda data, draw: data.replace(b"as issued", "\u00e9mis".encode("latin-1")),
    "not UTF-8": some_odd_byte,
    "NUL": insert(b"\0"),
    "CRLF": lambda data, draw: data.replace(b"\n", b"\r\n"),
    "one CRLF": at_line(lambda line, draw: line + b"\r"),
    "CR within": insert(b"\r"),
    "repeated row": repeat,
    "repeated key": at_line(same_key),
    "repeated key in other digits": at_line(same_key_otherwise_written),
    "key partly blank": at_line(blank_cells(0, 4)),
    "key all blank": at_line(blank_cells(0, 1, 2, 3, 4, 7)),
    "header renamed": at_header(lambda cells: [b"area", *cells[1:]]),
    "header shorter": at_header(lambda cells: cells[:-1]),
    "header longer": at_header(lambda cells: [*cells, b"more"]),
    "header with a name twice": at_header(lambda cells: [cells[-1], *cells[1:]]),
    "header with a blank name": at_header(lambda cells: [b"", *cells[1:]]),
    "header in other order": at_header(lambda cells: cells[::-1]),
    "header in capitals": at_header(lambda cells: [cell.upper() for cell in cells]),
    "header with spaces": at_header(lambda cells: [b" " + cell for cell in cells]),
    "header quoted": at_header(lambda cells: [b'"' + cells[0] + b'"', *cells[1:]]),
    "no header": lambda data, draw: data.partition(b"\n")[2],
    "header alone": lambda data, draw: data.partition(b"\n")[0] + b"\n",
    "header alone, unended": lambda data, draw: data.partition(b"\n")[0],
    "nothing at all": lambda data, draw: b"",
    "newlines alone": lambda data, draw: b"\n\n",
    "newline in quotes": at_cell(['a\nb, "'.replace('"', '""')]),
    "quote within": insert(b'"'),
    "cell quoted": at_line(lambda line, draw: b",".join(b'"' + c + b'"' for c in line.replace(b'"', b"").split(b","))),
    "text after a quote": at_line(lambda line, draw: b'"ZZ"A' + line[3:]),
    "quote left open": at_line(lambda line, draw: b'"' + line),
    "space before a quote": at_line(lambda line, draw: line.replace(b",", b', "', 1).replace(b",", b'",', 1)),
    "spaces after commas and quotes": lambda data, draw: data.replace(b",as issued,", b", 'x', "),
    "semicolons": lambda data, draw: data.replace(b",", b";"),
    "semicolons in a line": at_line(lambda line, draw: line.replace(b",", b";")),
    "comment": at_line(lambda line, draw: b"# " + line),
    "long cell": at_cell(["x" * 200_000], 8),
    "any byte": swap_bytes,
    "cut short": lambda data, draw: data[: draw.randint(0, len(data))],
    "a thousand faults": many,
}  # fmt: skip


def spoil(data: bytes, draw: random.Random) -> tuple[bytes, list[str]]:
    """A file after one to three faults, and their names."""
    names = [draw.choice(list(FAULTS)) for _ in range(draw.choice([1, 1, 1, 2, 3]))]
    for name in names:
        data = FAULTS[name](data, draw)
    return data, names


ODD_VALUES: list[Any] = [
    None,
    "",
    0,
    1,
    -1,
    True,
    [],
    {},
    "x",
    ["x"],
    ["code", "sex"],
    "number",
    "year",
    "any",
    "a b",
    "SEX_T",
]
MORE_KEYS = ["unique", "required", "missingValues", "format", "decimalChar", "fieldsMatch", "rows", "x-own", "example"]
KEPT = {"path", "resources", "profile", "data"}
"""What `validate` refuses to do without, or with; that is tested apart."""


def spoil_descriptor(descriptor: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """A copy with one key, somewhere within, gone, of another value, or new."""
    spoilt = copy.deepcopy(descriptor)
    places = [place for place in _mappings(spoilt) if set(place) - KEPT]
    place = draw.choice(places)
    key = draw.choice(sorted(set(place) - KEPT))
    match draw.randrange(3):
        case 0:
            del place[key]
        case 1 if key not in ("schema", "dialect"):
            place[key] = copy.deepcopy(draw.choice(ODD_VALUES))
        case _:
            place[draw.choice(MORE_KEYS)] = copy.deepcopy(draw.choice(ODD_VALUES))
    return spoilt


def _mappings(value: Any) -> list[dict[str, Any]]:
    held = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return ([value] if isinstance(value, dict) else []) + [one for part in held for one in _mappings(part)]
