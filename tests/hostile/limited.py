"""Checks one package under limits: a gigabyte and ten seconds beyond what a sound one has just needed."""

import resource
import socket
import sys
from pathlib import Path

from ilms_publish.catalogue import check
from ilms_publish.reporting import text_lines
from tests.hostile.conftest import refused

MEMORY, SECONDS = 1 << 30, 10


def held() -> int:
    """Bytes of address space that this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def main(sound: str, hostile: str, file: str = "") -> None:
    """Prints how many errors and open findings there are, then the first lines of the report about a file."""
    socket.socket.connect = socket.socket.connect_ex = refused  # type: ignore[method-assign]
    check(Path(sound))
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + SECONDS
    resource.setrlimit(resource.RLIMIT_AS, (held() + MEMORY, held() + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    checked = check(Path(hostile))
    lines = list(text_lines(checked))
    print(len(checked.errors), len(checked.open))
    print("\n".join([line for line in lines if file in line][:20]))


if __name__ == "__main__":
    main(*sys.argv[1:])
