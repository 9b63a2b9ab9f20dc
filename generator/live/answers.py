"""The gate by which AWS's answers come in, from files or live: what is not whole, or contradicts another, is refused.

    text ─answers_in─▶ Answer ─admit─▶ Estate ◀─admit─ Answer ◀─ what `aws/` was answered

What is missing is not taken for what does not exist: `data/answers.toml` tells the two apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby, islice
from typing import Any

from generator.live import estate
from generator.live.answer_fields import OBJECTS, TOKENS, Field, Path, drop_others, misfit, read_of, table
from generator.live.contradictions import contradictions
from generator.live.estate import ACCOUNT, ATTRIBUTES, KINDS, VPC_ATTRIBUTES, Estate, commands
from generator.live.filling import Fault, fill
from generator.live.objects import Answer, as_json_path
from generator.live.untold import NOT_TOLD
from generator.source.diagnostics import MOST, Code, Diagnostic, Place, Refused
from generator.source.printed import bounded
from generator.source.shared_text import sharing
from generator.source.text import TOO_LARGE

NO_ANSWER = Code("E401")
_MOST_WRONG = 10_000
"""So many objects of one answer that are not whole are counted."""
_MOST_ANSWERS = 10_000
"""So many are read of one file: of 50,000 endpoints, if AWS gave its smallest pages."""
_WHOLE = f"give what {KINDS['VpcEndpoints'][1]} --output json prints, and the like, whole"
_NONE = "an answer of the AWS CLI that this command reads"
_FORMS = {"text": r"[A-Z]+\t", "table": r"-{4}|\|", "yaml": r"-? ?\w+:"}
"""How what the AWS CLI prints begins in the other forms of `--output`."""
_REFUSED = re.compile(r"An error occurred \((\w+)\) when calling")
_BLANK = re.compile(r"\s*")


def read(texts: Iterable[tuple[str, str]], region: str, lines: Iterable[str] = ()) -> Estate:
    """Return what the AWS CLI printed, given as pairs of a file's name and its text, in which answers may follow.

    `lines` print what is read: they are told where something else is given.
    Raises Refused for what is not an answer (E401), and as `admit` does.
    """
    findings: list[Diagnostic] = []
    answers: list[Answer] = []
    for file, text in texts:
        with bounded(file, len(text)):
            answers += _answers_in(text, file, findings)
    if findings:
        fix = "\n    ".join(("give what these print:", *lines))
        raise Refused(replace(each, fix=fix) if lines and _NONE in each.message else each for each in findings)
    return admit(answers, region)


def admit(answers: Iterable[Answer], region: str, *, is_live: bool = False) -> Estate:
    """Return the estate that answers make, of files or `is_live`.

    Raises Refused for what is not whole (E406), and contradictions (E407).
    """
    given = tuple(answers)
    faults = (finding for answer in given for finding in _faults(answer, region, is_live=is_live))
    for findings in (faults, _pages(given, region), contradictions(given, region)):
        if told := [*islice(findings, MOST + 1)]:
            raise Refused(told)
    return estate.of((answer.value for answer in given), region)


def command_of(kind: str, region: str, value: Mapping[str, Any]) -> str:
    """Return the AWS CLI's lines that print an answer of a kind, or of one of the tables of single answers."""
    asked = {"Attributes": VPC_ATTRIBUTES, "Caller": ACCOUNT}.get(kind, kind)
    named = {name for key, name in ATTRIBUTES.items() if key in value} if asked == VPC_ATTRIBUTES else ()
    vpc = re.fullmatch(r"vpc-[0-9a-f]+", str(value.get("VpcId")))
    lines = commands(asked, region, vpc[0] if vpc else "VPC")
    return "; ".join(f"{line} --output json" for name, line in lines.items() if not named or name in named)


def _tables(answer: Answer, *, is_live: bool = False) -> Iterator[tuple[str, dict[str, Any], dict[str, Field]]]:
    """Yield what is to be filled in an answer, by which fields: each list of objects, or the answer itself."""
    for kind, fields in table(is_live=is_live).items():
        if kind in answer.value and kind in KINDS:
            yield kind, answer.value, {kind: replace(OBJECTS, fields=fields)}
        elif kind not in KINDS and not {*ATTRIBUTES, estate.ACCOUNT}.isdisjoint(fields.keys() & answer.value.keys()):
            yield kind, answer.value, fields


def _faults(answer: Answer, region: str, *, is_live: bool) -> Iterator[Diagnostic]:
    """Yield what is wrong with an answer; what is wrong with many objects in one way, once."""
    for kind, value, fields in _tables(answer, is_live=is_live):
        drop_others(value.get(kind), fields[kind].fields if kind in KINDS else {})
        alike: dict[tuple[bool, Path, str], list[Path]] = {}
        by_object = groupby(fill(value, fields), lambda fault: fault.path[:2])
        for _, faults in islice(by_object, _MOST_WRONG):
            for is_lack, path, what in _in_words(faults):
                pattern = (is_lack, tuple(part for part in path if isinstance(part, str)), what)
                alike.setdefault(pattern, []).append(path)
        least = "at least " if next(by_object, None) else ""
        for (is_lack, _, what), (first, *others) in sorted(alike.items(), key=lambda each: each[0][0]):
            more = f"; nor is it right in {least}{len(others)} more" if others else ""
            old = "" if is_live or not is_lack else "update an old AWS CLI, which leaves out what came later, and "
            fix = f"{old}give all that this prints, without --query: {command_of(kind, region, answer.value)}"
            yield NOT_TOLD.at(answer.place, f"{as_json_path(first)} {what}{more}", fix)


def _in_words(faults: Iterable[Fault]) -> Iterator[tuple[bool, Path, str]]:
    """Yield what is wrong with one object, whether that is what it lacks, with its path."""
    lacks: dict[Path, list[str]] = {}
    for fault in faults:
        if fault.lacks:
            lacks.setdefault(fault.path, []).append(fault.lacks)
        else:
            yield False, fault.path, fault.wrong
    for path, names in lacks.items():
        yield True, path, f"has no {', '.join(names)}"


def _pages(answers: Iterable[Answer], region: str) -> Iterator[Diagnostic]:
    """Yield the kinds of which a page tells that others follow, where no last one, without a token, has more."""
    pages: dict[str, list[tuple[Answer, str]]] = {}
    for answer in answers:
        for each in TOKENS:
            if not isinstance(found := answer.value.get(each, ""), str | None):
                yield NOT_TOLD.at(answer.place, f"$.{each} {misfit(found, 'text')}", _WHOLE)
        token = next((each for each in TOKENS if answer.value.get(each)), "")
        if not isinstance(answer.value.get(token, ""), str):
            continue
        for kind in answer.value.keys() & KINDS.keys():
            pages.setdefault(kind, []).append((answer, token))
    for kind, several in pages.items():
        tokens = [answer.value[token] for answer, token in several if token]
        before, last = (
            [each[KINDS[kind][0]] for answer, token in several for each in answer.value[kind] if bool(token) is is_page]
            for is_page in (True, False)
        )
        if tokens and (({*last} <= {*before} and not _has_empty_end(kind, several)) or len({*tokens}) < len(tokens)):
            answer, token = next(each for each in reversed(several) if each[1])
            fix = "run it without --max-items and --no-paginate, or give the pages that follow too"
            message = f"$.{token}: it is one page of {kind}, and the last one is not given"
            yield NOT_TOLD.at(answer.place, message, f"{fix}: {command_of(kind, region, answer.value)}")


def _has_empty_end(kind: str, pages: Iterable[tuple[Answer, str]]) -> bool:
    """Tell whether a last page is empty, as AWS's may be: in a file by itself, or after the others of its file."""
    files: dict[str, bool] = {}
    for answer, token in pages:
        files[answer.place.file] = not (token or answer.value[kind])
    return any(files.values())


def _answers_in(text: str, file: str, findings: list[Diagnostic]) -> Iterator[Answer]:
    """Yield the answers in a text; what is none is told once for all that are alike."""
    wrong: dict[str, list[Place]] = {}
    for number, (place, value) in enumerate(_values(text, file, findings)):
        answer = Answer(place=place, value=value if isinstance(value, dict) else {})
        if number == _MOST_ANSWERS:
            findings.append(TOO_LARGE.at(place, f"the file has more than {number:,} answers", "give it in parts"))
            break
        if any(_tables(answer)):
            yield answer
        else:
            what = "a list, as --query prints it, and not" if isinstance(value, list) else "not"
            wrong.setdefault(what, []).append(place)
    for what, (first, *others) in wrong.items():
        message = f"{what} {_NONE}"
        findings.append(NO_ANSWER.at(first, message + (f"; nor are {len(others)} more" if others else ""), _WHOLE))


def _values(text: str, file: str, findings: list[Diagnostic]) -> Iterator[tuple[Place, Any]]:
    """Yield what follows each other in a text, each with the line in which it begins if another is before."""
    share, line, last = sharing(read_of, text=text), 1, 0
    decoder = json.JSONDecoder(parse_constant=_no_number, object_pairs_hook=share)
    while (start := _end_of_blank(text, last)) < len(text):
        line += text.count("\n", last, start)
        place = Place(file, line, 1) if last else Place(file)
        try:
            value, end = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            place, message = Place(file, error.lineno, error.colno), f"not JSON: {error.msg}"
            if refused := _REFUSED.search(text, start):
                message = f"not JSON but an error of the AWS CLI: {refused[1]}"
            form = next((form for form, begins in _FORMS.items() if re.match(begins, text[start : start + 99])), "")
            message = f"{message}; it looks like --output {form}" if form else message
            findings.append(NO_ANSWER.at(place, message, _WHOLE))
            return
        except (RecursionError, ValueError) as error:
            findings.append(NO_ANSWER.at(place, _why(error), _WHOLE))
            return
        line, last = line + text.count("\n", start, end), end
        yield place, value


def _why(error: Exception) -> str:
    """Return why a text is not read, but for what is not JSON to the letter: Python's words are of its own limits."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return "a number has more digits than any of AWS's" if "max_str_digits" in str(error) else f"not JSON: {error}"


def _end_of_blank(text: str, start: int) -> int:
    return next(_BLANK.finditer(text, start)).end()


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number")
