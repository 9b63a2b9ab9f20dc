"""Findings for programs: JSON, annotations of GitHub, GitLab's Code Quality, SARIF and JUnit, all of one row a finding.

Files are named as each format's readers want them: in JSON and JUnit as the command was told, in the others from the
top of the repository.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from generator import __version__
from generator.cli.harmless import harmless
from generator.cli.printing import Printing, more_findings
from generator.cli.views.data import as_json, document
from generator.live.untold import NOT_CHECKED
from generator.source.diagnostics import Code, Diagnostic, in_order
from generator.source.reading import is_file

HOME = "https://pypi.org/project/gen-endpoints/"
_LINES = re.compile(r"\b(lines? \d+(?:, line \d+)*|:\d+:\d+)")
_FILE = re.compile(r"[^\s,:;()'\"]+\.(?:ya?ml|json|tf)\b")
_ESCAPED = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_NOT_KNOWN = frozenset({"E404", "E406", "E414", "W420"})
"""The codes of what is said where AWS's answers do not tell."""
_IN_PROPERTY = _ESCAPED | {":": "%3A", ",": "%2C"}


def row(found: Diagnostic) -> dict[str, Any]:
    """Return a finding as JSON has it in every command; line and column are 0 for a file as a whole.

    It has `known` where it is not.
    """
    return {
        "code": found.code,
        "severity": "warning" if found.is_warning else "error",
        "file": found.place.file,
        "line": found.place.line,
        "column": found.place.column,
        "message": found.message,
        "fix": found.fix,
        **({} if is_known(found) else {"known": False}),
    }


def is_known(found: Diagnostic) -> bool:
    """Tell whether AWS's answers tell what a finding says."""
    _, _, after_key = found.message.partition(": ")
    is_untold = any(each.startswith("not told") for each in (found.message, after_key))
    return found.code not in _NOT_KNOWN and not is_untold


def as_document(printed: Printing, here: Path, top: Path) -> str:
    """Return findings in their format, each once; files are relative to `here`, which is in the repository `top`."""
    form, found = printed.form, printed.findings
    rows = [_row_of(each, printed) for each in in_order({*found})]
    rows.sort(key=lambda each: each["severity"] != "error")

    def named(path: re.Match[str]) -> str:
        return from_top(path[0], here, top) if is_file(here / path[0]) else path[0]

    rooted = [
        each | {"file": from_top(each["file"], here, top), "message": _FILE.sub(named, each["message"])}
        for each in rows
    ]
    if form == "github":
        return "\n".join([*map(_annotation, rooted), *(f"::warning::{each}" for each in _more(printed))])
    if form == "gitlab":
        return as_json([_of_gitlab(each, mark) for each, mark in _marked(rooted)])
    if form == "sarif":
        return as_json(_sarif(rooted, _more(printed)))
    if form == "junit":
        return _junit(rows, _more(printed))
    states = [{"name": name, "state": state} for name, state in printed.states.items()]
    return document("findings", {"findings": rows, "more_findings": printed.more, "states": states})


def _more(printed: Printing) -> list[str]:
    """Return what is said of findings that are too many to tell, for which a list of GitLab's has no place."""
    return [more_findings(printed.more)] if printed.more else []


def _row_of(found: Diagnostic, printed: Printing) -> dict[str, Any]:
    said = row(found)
    return said | {"severity": printed.severities.get((found.place, found.code), said["severity"])}


def from_top(file: str, here: Path, top: Path) -> str:
    """Return a file's path from the top of the repository, with slashes; of a file that is not in it the whole path."""
    whole = Path(os.path.normpath(here / file))
    return (whole.relative_to(top) if whole.is_relative_to(top) else whole).as_posix()


def _text(found: Mapping[str, Any]) -> str:
    return f"{found['message']}\n{found['fix']}" if found["fix"] else str(found["message"])


def _marked(found: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield findings with what each is known by from run to run, though its line moves: what it says of which file."""
    seen: Counter[str] = Counter()
    for each in found:
        words = _LINES.sub("", f"{each['code']}\n{each['file']}\n{each['message']}")
        mark = sha256(words.encode(errors="surrogatepass")).hexdigest()[:16]
        seen[mark] += 1
        yield each, f"{mark}:{seen[mark]}"


def _annotation(found: Mapping[str, Any]) -> str:
    """Return a finding as a workflow command of GitHub.

    https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
    """
    place = {"file": found["file"], "line": found["line"], "col": found["column"], "title": found["code"]}
    stated = ",".join(f"{name}={_escaped(str(value), _IN_PROPERTY)}" for name, value in place.items() if value)
    return f"::{found['severity']} {stated}::{_escaped(_text(found), _ESCAPED)}"


def _escaped(text: str, escapes: Mapping[str, str]) -> str:
    return "".join(escapes.get(each, each) for each in harmless(text))


def _of_gitlab(found: Mapping[str, Any], mark: str) -> dict[str, Any]:
    """Return a finding as GitLab's Code Quality takes it: https://docs.gitlab.com/ci/testing/code_quality/."""
    return {
        "description": f"{found['code']}: {_text(found)}",
        "check_name": found["code"],
        "fingerprint": mark,
        "severity": "major" if found["severity"] == "error" else "minor",
        "location": {"path": found["file"], "lines": {"begin": found["line"] or 1}},
    }


def _sarif(found: Sequence[dict[str, Any]], more: Sequence[str]) -> dict[str, Any]:
    """Return findings as SARIF 2.1.0, within what GitHub takes.

    https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
    """
    from generator.source.codes import codes

    used = sorted({each["code"] for each in found})
    driver = {
        "name": "gen-endpoints",
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [_rule(codes()[each]) for each in used],
    }
    results = [_result(each, used.index(each["code"]), mark) for each, mark in _marked(found)]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    if more:
        notes = [{"level": "warning", "message": {"text": each}} for each in more]
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": notes}]
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _rule(code: Code) -> dict[str, Any]:
    level = "warning" if code.code.startswith("W") else "error"
    return {
        "id": code.code,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.why},
        "help": {"text": code.fix or code.why},
        "defaultConfiguration": {"level": level},
        "properties": {"problem.severity": level, "tags": ["terraform", "aws"]},
    }


def _result(found: Mapping[str, Any], index: int, mark: str) -> dict[str, Any]:
    region = {"startLine": found["line"] or 1, **({"startColumn": found["column"]} if found["column"] else {})}
    place = {"artifactLocation": {"uri": quote(os.fsencode(found["file"]))}, "region": region}
    return {
        "ruleId": found["code"],
        "ruleIndex": index,
        "level": found["severity"],
        "message": {"text": _text(found)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"primaryLocationLineHash": mark},
    }


def _junit(found: Sequence[dict[str, Any]], more: Sequence[str]) -> str:
    """Return findings as JUnit's XML: a case for each, as in `as_suite`; one that passes where there are none."""
    suites = ET.Element("testsuites")
    suite = as_suite(suites, found)
    for each in more:
        ET.SubElement(suite, "system-out").text = each
    if not found:
        ET.SubElement(suite, "testcase", {"classname": "gen-endpoints", "name": "no findings"})
        suite.attrib["tests"] = "1"
    suites.attrib |= {name: suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")}
    return xml(suites)


def as_suite(suites: ET.Element, found: Sequence[dict[str, Any]]) -> ET.Element:
    """Return a new suite of JUnit's XML that has findings as cases: warnings pass, what was not checked is skipped."""
    failures = sum(each["severity"] == "error" for each in found)
    skipped = sum(map(_is_skipped, found))
    counts = {"tests": str(len(found)), "failures": str(failures), "errors": "0", "skipped": str(skipped)}
    suite = ET.SubElement(suites, "testsuite", {"name": "gen-endpoints", **counts})
    for each in found:
        place = f"{each['file']}:{each['line']}:{each['column']}" if each["line"] else each["file"]
        case = ET.SubElement(
            suite, "testcase", {"classname": each["file"], "name": f"{place}: {each['code']} {each['message']}"}
        )
        if each["severity"] == "error":
            ET.SubElement(case, "failure", {"message": each["message"], "type": each["code"]}).text = each["fix"]
        elif _is_skipped(each):
            ET.SubElement(case, "skipped", {"message": _text(each)})
        else:
            ET.SubElement(case, "system-out").text = _text(each)
    return suite


def _is_skipped(found: Mapping[str, Any]) -> bool:
    return (found["code"], found["severity"]) == (NOT_CHECKED.code, "warning")


def xml(root: ET.Element) -> str:
    """Return XML as a file of its own; it takes no control characters, so that what has them is shown as harmless."""
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + harmless(ET.tostring(root, encoding="unicode"))
