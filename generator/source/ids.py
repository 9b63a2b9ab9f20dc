"""How AWS's ids end: one pattern for specs, files and import blocks."""

from __future__ import annotations

ID = "([0-9a-f]{8}|[0-9a-f]{17})"
"""https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html (checked 2026-11-28)."""
