"""Facts as one page of HTML: all that it needs is in it, and its policy lets nothing in from elsewhere."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256

from generator import __version__
from generator.catalog.catalog import text_of
from generator.cli.views.data import number
from generator.diagram import svg

MARK = b'<meta name="generator" content="gen-endpoints'  # what a page of ours has near its beginning
_SCRIPTS = ("logic.js", "table.js", "view.js")
_TOGETHER = 50  # pictures that are compressed together: one that is looked at takes no more to open


def page(facts: Mapping[str, object], pictures: Sequence[str], *, is_served: bool) -> str:
    """Return the page; its modules have their pictures by number. One that is served loads again when told."""
    style = f"{text_of('page/page.css')}/* pictures */{svg.style().replace('@media (', '@media screen and (')}"
    script = '"use strict";\n' + "".join(text_of(f"page/{each}") for each in _SCRIPTS)
    chunks = (pictures[start : start + _TOGETHER] for start in range(0, len(pictures), _TOGETHER))
    packed = [b64encode(zlib.compress(json.dumps(each).encode(), 9)).decode() for each in chunks]
    policy = f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
    policy += "base-uri 'none'; form-action 'none'" + "; connect-src 'self'" * is_served
    texts = {"policy": policy, "version": __version__, "style": style, "script": script}
    texts |= {"facts": _in_script({**facts, "served": is_served}), "pictures": _in_script(packed)}
    return re.sub(r"\{\{(\w+)\}\}", lambda found: texts[found[1]], text_of("page/page.html"))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _in_script(data: object) -> str:
    """Return data as JSON that can't end the element that it is in, nor anything else of HTML."""
    text = json.dumps(data, separators=(",", ":"), default=number)
    return re.sub("[<>&]", lambda found: f"\\u{ord(found[0]):04x}", text)
