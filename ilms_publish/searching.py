"""Makes the search index light, and the search read a question as people ask it.

It finds pages, and the sections of prose; not the headings that pages share. The theme takes each word of a question
for the beginning of a word, so that "in" would find Indonesia: small words between others are left out of the question.
A country by any of its names comes before every page that only names it, and two countries mean the way from one to the
other, in that order.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ilms_publish.hard_links import write_anew
from ilms_publish.problems import IlmsError

INDEX = "search/search_index.json"
WORKER = "assets/javascripts/workers/search.*.js"
COUNTRY = re.compile(r"countries/([a-z]{3})/")
CORRIDOR = re.compile(r"corridors/([a-z]{3})-([a-z]{3})/")
CLEANED = r""".replace(/"|(?:^|\s+)[*+\-:^~]+(?=\s+|$)/g,"")"""
"""How the theme's script cleans a question."""
SMALL = r""".replace(/(^|\s)(?:(?:an?|and|at|by|for|from|in|into|of|on|or|the|to|who)\s+)+(?=\S)/gi,"$1")"""
PLACES = r""".replace(/^[^"+*^~:]+$/,q=>{
let N=%(names)s,L=%(labels)s,
w=q.trim().toUpperCase().split(/\s+/),
f=w.length<3&&w.every(c=>N[c])?w.map(c=>N[c]):[],
s=n=>n.replace(/[^\w\s]/g,"\\$&"),
n=Object.keys(N).filter(k=>k.length>3).sort((a,b)=>b.length-a.length).map(s).join("|"),
r=f.length?f.map(c=>L[c]).join(" "):q.replace(new RegExp("(^|[\\s,])("+n+")(?=[\\s,]|$)","gi"),
(m,a,b)=>(f.push(N[b.toUpperCase()]),a+L[f[f.length-1]]));
f=[...new Set(f)];
return f.length>1?r+" "+f[0]+"→"+f[1]+"^9":f[0]&&r.trim()==L[f[0]]?r+" "+f[0]+"^9":r})"""
"""A country by any name becomes its page's title and code; of two the first is told to be the origin."""


def reading(script: str, places: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """The theme's search, which knows places and leaves small words out of a question.

    places: name or code -> code; titles: code -> title of its pages. Raises IlmsError for a script not known.
    """
    if script.count(CLEANED) != 1:
        raise IlmsError("the theme's search is not the one known here; see searching.py for how it reads a question")
    known = {name.upper(): code for name, code in sorted(places.items())}
    lines = PLACES % {"names": _json(known), "labels": _json(dict(sorted(titles.items())))}
    return script.replace(CLEANED, CLEANED + lines.replace("\n", "") + SMALL)


def thin(site: Path) -> None:
    """Rewrites the search index of a finished site: without the sections that have no words of their own, tags as text.

    The theme takes the tags of a page for HTML where it shows them with a result; titles and texts it has escaped.
    """
    path = site / INDEX
    index = json.loads(path.read_text("utf-8"))
    places, titles = known_places(index["docs"])
    for script in site.glob(WORKER):
        write_anew(script, reading(script.read_text("utf-8"), places, titles))
    index["docs"] = [_inert(entry) for entry in index["docs"] if entry["text"] or "#" not in entry["location"]]
    write_anew(path, _json(index))


def known_places(entries: Iterable[Mapping[str, Any]]) -> tuple[dict[str, str], dict[str, str]]:
    """Names and codes of places, and their titles, as the pages of countries and corridors give them."""
    places: dict[str, str] = {}
    titles: dict[str, str] = {}
    pairs = []
    for entry in entries:
        own, pair = COUNTRY.fullmatch(entry["location"]), CORRIDOR.fullmatch(entry["location"])
        if own:
            code = titles[entry["title"]] = own[1].upper()
            names = [entry["title"], *entry.get("tags", ())]
            places |= dict.fromkeys(names, code)
            places |= {name[:-1]: code for name in names if name.endswith("s") and name not in titles}
        elif pair:
            pairs.append((pair, entry))
    members = set(places.values())
    for pair, entry in pairs:
        codes = [code.upper() for code in pair.groups()]
        titles.update(zip(entry["title"].split(" to "), codes, strict=False))
        for code in set(codes) - members:  # it has no page of its own: the corridor knows its other names
            places |= {name: code for name in entry.get("tags", ())[1:] if name not in places}
    return {code: code for code in titles.values()} | titles | places, {code: title for title, code in titles.items()}


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _inert(entry: Mapping[str, Any]) -> dict[str, Any]:
    tags = [html.escape(tag, quote=False) for tag in entry.get("tags", ())]
    return {**entry} | ({"tags": tags} if tags else {})
