"""How the name of a Region looks: one pattern for specs, service names, AWS's buckets, files and options."""

from __future__ import annotations

import re

REGION_NAME = r"[a-z]{2,4}(-[a-z]{1,20}){1,4}-[0-9]{1,2}"


def is_region(text: str) -> bool:
    """Tell whether a text has the form of a Region's name, whether or not there is such a Region."""
    return re.fullmatch(REGION_NAME, text) is not None
