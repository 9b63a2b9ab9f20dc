"""That a command which reads AWS ends as its document says: the exit code, the state of each spec and its report."""

from __future__ import annotations

import json
from typing import Any


def agree(command: str, code: int, output: str, *, strict: bool = False) -> None:
    """Assert that the exit code follows from the states, and these from the reports, of the document in the output."""
    document = json.JSONDecoder().raw_decode(output[output.index("{") :])[0]
    if document["schema"].startswith("gen-endpoints/findings/"):  # all specs are refused for themselves
        assert (code, bool(document["findings"])) == (1, True), document
        return
    entries = document["specs"]
    states = [each["state"] for each in entries]
    for each in entries:
        refused = strict and each["report"] and each["report"]["works"] and each["report"]["findings"]
        assert each["state"] in ({"refused"} if refused else _states(command, each["report"])), each
    fine = {"ok", "as far as asked"}
    assert code == (4 if "drifted" in states else 0 if {*states} <= fine else 1), (code, states)


def _states(command: str, report: Any) -> set[str]:
    """Return the states that a report may be told by."""
    if report is None:
        return {"refused", "could not ask", "answers refused"}
    if command == "drift":
        classes = {row["class"] for row in report} - {"info"}
        return {"drifted" if classes - {"not-told"} else "not told" if classes else "ok"}
    is_fine = report["passed"] if command == "verify" else report["works"]
    if is_fine:
        return {"ok" if report["known"] else "as far as asked"}
    return (
        {"failed", "pending", "not told"} if command == "verify" else {"would fail" if report["known"] else "unknown"}
    )
