"""Asks whether the addresses given as evidence still answer; the only module that speaks to other machines."""

from __future__ import annotations

import http.client
import re
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

from ilms_publish.packages import HOME
from ilms_publish.problems import Problem, Severity
from ilms_publish.reading import MAX_YAML_BYTES, decode, read_bytes, relative

FOUND = re.compile(r"https?://[^\s\"'<>|\\`]+")
CLOSING = ".,;:!?)]}'*`"
WHERE = (f"{HOME}/*/*.yaml", f"{HOME}/*/*.csv", "site_src/docs/**/*.md", "*.md")
GONE = frozenset({404, 410})
SECONDS = 20
HOSTS_AT_ONCE = 8
AGENT = "ilms-publish link check"


def dead_links(root: Path, step: Callable[[str], None] = lambda name: None) -> tuple[list[Problem], int]:
    """Addresses that are gone (errors) or could not be reached (information), and how many were asked."""
    places = addresses(root)
    hosts: dict[str, list[str]] = defaultdict(list)
    for address in places:
        hosts[urlsplit(address).netloc.lower()].append(address)

    def ask_host(listed: Sequence[str]) -> dict[str, tuple[Severity, str] | None]:
        """One address after the other, so that no host has to answer two at once."""
        answers = {}
        for address in listed:
            answers[address] = answer(address)
            step(address)
        return answers

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as pool:
        answered = {address: said for part in pool.map(ask_host, hosts.values()) for address, said in part.items()}
    return sorted(_problems(answered, places)), len(places)


def _problems(
    answered: Mapping[str, tuple[Severity, str] | None], places: Mapping[str, list[tuple[str, int]]]
) -> Iterator[Problem]:
    for address, said in answered.items():
        for file, line in places[address] if said else ():
            severity, sentence = said or (Severity.INFORMATION, "")
            yield Problem(file, line, "", "dead-link", severity, f"{address} {sentence}")


def addresses(root: Path) -> dict[str, list[tuple[str, int]]]:
    """Every address in the authored texts, with the files and lines that give it; figures hold none."""
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for pattern in WHERE:
        for path in sorted(root.glob(pattern)):
            name = relative(path, root)
            for number, line in enumerate(decode(read_bytes(path, root, 8 * MAX_YAML_BYTES), name).splitlines(), 1):
                for found in FOUND.findall(line):
                    places[_trimmed(found)].append((name, number))
    return dict(places)


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence around it; a bracket that the address itself opens stays."""
    while address[-1] in CLOSING and not (address[-1] == ")" and address.count("(") >= address.count(")")):
        address = address[:-1]
    return address.partition("#")[0]


def answer(address: str) -> tuple[Severity, str] | None:
    """What is wrong with an address, None when it answers."""
    for method in ("HEAD", "GET"):
        asked = quote(address, safe="%/:=&?~#+!$,;'@()*[]")
        request = urllib.request.Request(asked, method=method, headers={"User-Agent": AGENT})
        try:
            with urllib.request.urlopen(request, timeout=SECONDS):
                return None
        except urllib.error.HTTPError as error:
            if method == "GET":
                if error.code in GONE:
                    return Severity.ERROR, f"is gone ({error.code}). Find where it moved, or say that it is gone."
                return Severity.INFORMATION, f"does not answer a program ({error.code}). Look at it in a browser."
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Severity.INFORMATION, f"cannot be reached ({type(error).__name__}). Try again, or look in a browser."
    return None
