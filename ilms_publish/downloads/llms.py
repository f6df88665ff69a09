"""`llms.txt`: what a program that answers questions must know before it quotes a figure from here."""

from __future__ import annotations

from ilms_publish.catalogue import Catalogue
from ilms_publish.citing import page_address
from ilms_publish.formats import API, CORRIDORS, PARQUET

RULES = (
    "Never give a figure without its country, year, unit, definition and source.",
    "Say whether the source is documented, inferred or not identified.",
    "Give the limitations that touch the figure, or say that there are some and link to the page.",
    "Never use a figure whose `use` is `withheld`, except to say that it is withheld and why.",
    "Never add, rank or average figures of different countries: definitions, sources and people counted differ.",
    "Never mix a state's own figures with international estimates.",
    "A blank is not zero: the status of the row says why there is no value.",
)
EXPLAINED = (
    ("corridors", "Corridors", "both reports on the movement from one country to another, and what a gap can mean"),
    ("comparability", "Comparability", "which figures may be compared, and why not"),
    ("why-sources-differ", "Why sources differ", "worked examples of figures that are far apart"),
)
"""Pages that say how figures relate: address, title, what they are."""


def llms_txt(catalogue: Catalogue, site: str = "") -> bytes:
    """The file for the root of the site. site: its address, empty when unknown."""
    whole = catalogue.structure.collection
    lines = [f"# {whole.title}", "", f"> {whole.description}", "", "## Rules for quoting a figure", ""]
    lines += [f"- {rule}" for rule in RULES]
    lines += ["", "## Data for programs", ""]
    lines += [
        f"- [Index]({site}{API}/index.json): every package, table and file with dates, licences and sums",
        f"- [Tables]({site}{API}/tables.json): definitions and units",
        f"- [Sources]({site}{API}/sources.json): the register of sources",
        f"- [Limitations]({site}{API}/limitations.json): every limitation with its evidence",
        f"- [Corridors]({site}{API}/corridors.json): who reports on whom",
        f"- [Figures on corridors]({site}{CORRIDORS}): each with its source and limitations",
        f"- [Everything as Parquet]({site}{PARQUET.of_all}): `usable_value` leaves out what is withheld",
        "", "## Pages", "",
    ]  # fmt: skip
    lines += [f"- [{one.title}]({site}{page_address(one)}/): {one.edition}" for one in catalogue.packages.values()]
    lines += [f"- [{title}]({site}{path}/): {what}" for path, title, what in EXPLAINED]
    return ("\n".join(lines) + "\n").encode()
