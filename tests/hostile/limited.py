"""Checks packages under limits: each in a process of its own, with a gigabyte and ten seconds beyond a sound one.

The program is loaded once, and a sound package checked; then a copy of that process is made for each line of the input.
"""

import os
import resource
import socket
import sys
import traceback
from pathlib import Path

from ilms_publish.catalogue import check
from ilms_publish.reporting import text_lines
from tests.hostile.conftest import refused

MEMORY, SECONDS = 1 << 30, 10
END = "---"
"""After each report, followed by the exit code of the process that made it, negative when it was killed."""


def held() -> int:
    """Bytes of address space that this process has now."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def report(hostile: str, file: str = "") -> None:
    """Prints how many errors and open findings there are, then the first lines of the report about a file."""
    resource.setrlimit(resource.RLIMIT_AS, (held() + MEMORY, held() + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 2))
    checked = check(Path(hostile))
    lines = list(text_lines(checked))
    print(len(checked.errors), len(checked.open))
    print("\n".join([line for line in lines if file in line][:20]))


def apart(*words: str) -> int:
    """The exit code of a copy of this process that reports on the words, with the seconds of its own only."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        report(*words)
        sys.stdout.flush()
        os._exit(0)
    except BaseException:
        traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
        os._exit(1)


def main(sound: str) -> None:
    """For each line of the input, a folder and a file parted by a tab, the report and its end."""
    socket.socket.connect = socket.socket.connect_ex = refused  # type: ignore[method-assign]
    check(Path(sound))
    for line in sys.stdin:
        code = apart(*line.rstrip("\n").split("\t"))
        print(END, code, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
