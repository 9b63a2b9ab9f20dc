"""Does `render` refuse what a wrong edit of the code makes it say? Every edit is tried, one at a time.

    python scripts/mutate_meaning.py [--sample N] [--seed S] [--jobs J] [--only lookups]

A mutant is the code with one thing changed: a constant, a comparison, a condition, the order of two arguments or two
operands, an element that is dropped, a loop that stops after the first. Each is rendered for every example in memory,
with all that `render` proves. It *counts* where a rendered `.tf` says something else (other words in comments,
descriptions of inputs and messages of guards do not count), or where the tool crashes on the way; it *survives* where
such a file would have been written. `tests/data/surviving_mutants.toml` names the survivors that mean the same, each
with the reason; one that is not there, or one there that survives no more, ends the run with 1.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import os
import random
import re
import resource
import sys
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.generate import understand_source
from generator.hcl import facts
from generator.module import check, render, resolve
from generator.module.proof import meaning
from generator.source import source
from generator.source.diagnostics import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

ROOT = Path(__file__).parent.parent
SURVIVORS = ROOT / "tests" / "data" / "surviving_mutants.toml"
MODULES = (
    "generator.intent.endpoints",
    "generator.intent.groups",
    "generator.intent.bundles",
    "generator.intent.settle",
    "generator.intent.targets",
    "generator.module.resolve",
    "generator.module.ingress_rules",
    "generator.module.inputs",
    "generator.module.lookups",
    "generator.module.region",
    "generator.module.routes",
    "generator.module.security_groups",
)
"""What settles endpoints, references, groups and routes."""
Edit = Callable[[], Callable[[], None]]
"""Does something to a tree, and returns what undoes it."""
_SECONDS = 5  # of CPU: a mutant that runs on is refused by whoever waits for it
_BYTES = 2 << 30

OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.Lt: ast.LtE,
    ast.Gt: ast.GtE,
    ast.Is: ast.IsNot,
    ast.In: ast.NotIn,
}
OPPOSITES |= {right: left for left, right in OPPOSITES.items()}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One edit of one module: `name` says what is edited, and `edit` does it in the tree and returns how to undo it."""

    module: str
    name: str
    edit: Edit


def mutants(module: str, tree: ast.Module, text: str) -> Iterator[Mutant]:
    """Yield every mutant of a module."""
    lines = text.splitlines()
    seen: Counter[str] = Counter()
    for where, node in _nodes(tree, ""):
        for what, edit in _edits(node):
            name = f"{where}: {what}: {lines[node.lineno - 1].strip() if hasattr(node, 'lineno') else ''}"
            seen[name] += 1
            yield Mutant(module, f"{module}.{name}" + (f" #{seen[name]}" if seen[name] > 1 else ""), edit)


def _nodes(node: ast.AST, where: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield what runs: no docstrings, annotations, decorators, or codes of findings."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Code":
        return
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        where = f"{where}.{node.name}".lstrip(".")
    yield where or "top", node
    for field, value in ast.iter_fields(node):
        if field not in {"annotation", "returns", "decorator_list", "bases"}:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _nodes(child, where)


def _edits(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    """Yield the edits of one node."""
    match node:
        case ast.Compare(ops=ops):
            for index, op in enumerate(ops):
                opposite = OPPOSITES[type(op)]
                yield f"{type(op).__name__} is {opposite.__name__}", _item(ops, index, opposite())
        case ast.BoolOp(op=op):
            yield "and is or, or or and", _set(node, "op", ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "without not", _set(node, "operand", ast.UnaryOp(ast.Not(), operand))
        case ast.BinOp(op=ast.Add() | ast.BitOr(), left=left, right=right):
            yield "operands swapped", _both(_set(node, "left", right), _set(node, "right", left))
            nothing = ast.Call(ast.Call(ast.Name("type", ast.Load()), [left], []), [], [])
            yield "right operand dropped", _set(node, "right", nothing)
        case ast.BinOp(op=ast.Sub()):
            yield "Sub is BitOr", _set(node, "op", ast.BitOr())
    yield from _constants(node)
    yield from _conditions(node)
    yield from _orders(node)
    yield from _elements(node)


def _constants(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    match node:
        case ast.Constant(bool() as value):
            yield f"{value} is {not value}", _set(node, "value", not value)
        case ast.Constant(int() as value):
            for other in (value + 1, value - 1):
                yield f"{value} is {other}", _set(node, "value", other)
        case ast.Constant(str() as value):
            yield f"{value!r} has an x", _set(node, "value", f"{value}x")
        case ast.Constant(None):
            yield "None is True", _set(node, "value", value=True)
        case ast.MatchSingleton(value):
            yield f"{value} is another", _set(node, "value", value is None or not value)


def _conditions(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    match node:
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) | ast.Assert(test=test):
            yield "condition negated", _set(node, "test", ast.UnaryOp(ast.Not(), test))
        case ast.comprehension(ifs=ifs, iter=iterated):
            for index, test in enumerate(ifs):
                yield "filter negated", _item(ifs, index, ast.UnaryOp(ast.Not(), test))
            yield "only the first", _set(node, "iter", _first(iterated))
        case ast.For(iter=iterated):
            yield "only the first", _set(node, "iter", _first(iterated))
        case ast.match_case(pattern=pattern, guard=guard):
            if guard is not None:
                yield "guard negated", _set(node, "guard", ast.UnaryOp(ast.Not(), guard))
            elif not (isinstance(pattern, ast.MatchAs) and pattern.pattern is None):
                yield f"case never taken {ast.unparse(pattern)}", _set(node, "guard", ast.Constant(value=False))


def _first(iterated: ast.expr) -> ast.expr:
    listed = ast.Call(ast.Name("list", ast.Load()), [iterated], [])
    return ast.Subscript(listed, ast.Slice(upper=ast.Constant(value=1)), ast.Load())


def _orders(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    match node:
        case ast.Call(args=args, keywords=keywords):
            for index in range(len(args) - 1):
                yield f"arguments {index} and {index + 1} swapped", _swap(args, index)
            for left, right in pairwise(keywords):
                both = _both(_set(left, "value", right.value), _set(right, "value", left.value))
                yield f"values of {left.arg} and {right.arg} swapped", both


def _elements(node: ast.AST) -> Iterator[tuple[str, Edit]]:
    match node:
        case ast.Tuple(elts=items, ctx=ast.Load()) | ast.List(elts=items, ctx=ast.Load()) | ast.Set(elts=items):
            for index, item in enumerate(items):
                if len(items) > 1 or not isinstance(node, ast.Set):
                    yield f"without {ast.unparse(item)}", _drop((items, index))
        case ast.Dict(keys=keys, values=values):
            for index, item in enumerate(values):
                yield f"without {ast.unparse(item)}", _drop((keys, index), (values, index))
        case ast.MatchOr(patterns=patterns):
            for index, pattern in enumerate(patterns):
                yield f"without {ast.unparse(pattern)}", _drop((patterns, index))


def _set(node: ast.AST, field: str, value: object) -> Edit:
    def edit() -> Callable[[], None]:
        before = getattr(node, field)
        setattr(node, field, value)
        return lambda: setattr(node, field, before)

    return edit


def _item(items: list[Any], index: int, value: object) -> Edit:
    def edit() -> Callable[[], None]:
        before = items[:]
        items[index] = value
        return lambda: items.__setitem__(slice(None), before)

    return edit


def _swap(items: list[Any], index: int) -> Edit:
    def edit() -> Callable[[], None]:
        before = items[:]
        items[index : index + 2] = reversed(items[index : index + 2])
        return lambda: items.__setitem__(slice(None), before)

    return edit


def _drop(*places: tuple[list[Any], int]) -> Edit:
    def edit() -> Callable[[], None]:
        before = [items[:] for items, _ in places]
        for items, index in places:
            del items[index]

        def undo() -> None:
            for (items, _), kept in zip(places, before, strict=True):
                items[:] = kept

        return undo

    return edit


def _both(*edits: Edit) -> Edit:
    def edit() -> Callable[[], None]:
        undone = [each() for each in edits]

        def undo() -> None:
            for each in undone:
                each()

        return undo

    return edit


def install(module: ModuleType, code: Any) -> None:
    """Run a module's code in the place of its own, and give its new names to all that had the old ones."""
    before = dict(vars(module))
    exec(code, vars(module))  # noqa: S102 - the module's own code, with one edit
    new = {id(old): vars(module)[name] for name, old in before.items() if vars(module).get(name) is not old}
    for other in [each for name, each in sys.modules.items() if name.startswith(("generator", "gen_endpoints"))]:
        for name, value in list(vars(other).items()):
            if other is not module and id(value) in new and not name.startswith("_"):  # equal texts may be one object
                setattr(other, name, new[id(value)])


@dataclass(frozen=True, slots=True)
class Example:
    """An example, and what it renders to without a mutant."""

    source: Any
    module: Any
    files: dict[str, str]


_PROSE = re.compile(r"(?m)^ *(#|error_message +=).*\n")
_DESCRIPTION = re.compile(r"(?m)^  description +=.*\n")  # of a module's input


def _code(path: str, text: str) -> str:
    """Return the text of a file without what is prose in it."""
    text = _PROSE.sub("", text)
    return _DESCRIPTION.sub("", text) if path == "variables.tf" else text


def outcome(example: Example, known: dict[str, Any]) -> str:
    """Return what becomes of an example: `same`, `words`, `refused` or `written`, with how for the last two."""
    try:
        intent = understand_source(example.source)
    except Refused as refused:
        return f"refused by {refused.diagnostics[0].code}"
    module = resolve.resolve(intent)
    if module == example.module:
        return "same"
    files = render.render(module)
    texts = {path: text for path, text in files.items() if path.endswith(".tf")}
    if texts == example.files:
        return "same"
    said = facts.read_back(files, known)
    found = check.check(module, said) or meaning.disagreements(intent, said)
    if found:
        return f"refused by {found[0].code}"
    paths = texts.keys() | example.files.keys()
    is_prose = all(_code(path, texts.get(path, "")) == _code(path, example.files.get(path, "")) for path in paths)
    return "words" if is_prose else "written"


def tried(mutant: Mutant, code: Any, tries: Tries) -> str:
    """Return what becomes of a mutant: the worst of what becomes of the examples."""
    results = []
    try:
        install(sys.modules[mutant.module], code)
    except Exception as error:  # noqa: BLE001 - the module itself can't be imported
        return f"refused by {type(error).__name__}"
    for example in tries.examples:
        try:
            results.append(outcome(example, tries.known))
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing is written
            results.append(f"refused by {type(error).__name__}")
        refusals = sum(result.startswith("refused") for result in results)
        if results[-1] == "written" or 0 < refusals == tries.enough:
            break
    order = ("written", "refused", "words", "same")
    return min(results, key=lambda result: order.index(result.split()[0]))


class Tries:
    """Tries mutants, each in a process of its own, some at a time."""

    def __init__(self, jobs: int, *, enough: int = 0, is_verbose: bool = False) -> None:
        """Read the examples, and the parser's grammar, once for all mutants."""
        self.jobs, self.enough, self.is_verbose = jobs, enough, is_verbose
        self.known: dict[str, Any] = {}
        self.examples = []
        for path in sorted((ROOT / "specs").glob("*.yaml")):
            found = source.read(str(path))
            module = resolve.resolve(understand_source(found))
            files = render.render(module)
            facts.read_back(files, self.known)
            texts = {path: text for path, text in files.items() if path.endswith(".tf")}
            self.examples.append(Example(found, module, texts))
        self.running: dict[int, tuple[str, int]] = {}
        self.results: dict[str, str] = {}

    def all(self, chosen: Callable[[Mutant], bool]) -> dict[str, str]:
        """Return what becomes of each chosen mutant, by its name."""
        gc.collect()
        gc.freeze()
        for name in MODULES:
            module = importlib.import_module(name)
            text = Path(str(module.__file__)).read_text(encoding="utf-8")
            tree = ast.parse(text)
            for mutant in mutants(name, tree, text):
                if chosen(mutant):
                    undo = mutant.edit()
                    try:
                        code = compile(ast.fix_missing_locations(tree), str(module.__file__), "exec")
                    except (SyntaxError, ValueError):
                        self.results[mutant.name] = "refused by SyntaxError"
                    else:
                        self._start(mutant, code)
                    undo()
        while self.running:
            self._wait()
        return self.results

    def _start(self, mutant: Mutant, code: Any) -> None:
        while len(self.running) >= self.jobs:
            self._wait()
        reading, writing = os.pipe()
        if pid := os.fork():
            os.close(writing)
            self.running[pid] = (mutant.name, reading)
            return
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))
        os.write(writing, tried(mutant, code, self).encode())
        os._exit(0)

    def _wait(self) -> None:
        pid, _ = os.wait()
        name, reading = self.running.pop(pid)
        with os.fdopen(reading, "rb") as pipe:
            self.results[name] = pipe.read().decode() or "refused by a crash"
        if self.is_verbose:
            print(f"{self.results[name]:24} {name}", flush=True)


def main() -> int:
    """Try the mutants, print what became of them, and say with 1 that a survivor is not accounted for."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--sample", type=int, help="try so many, drawn by chance")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--only", default="", help="try those whose name holds this")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options.add_argument(
        "--enough", type=int, default=0, help="examples that refuse a mutant, after which it is refused"
    )
    options.add_argument("--verbose", action="store_true", help="print what became of each")
    given = options.parse_args()
    tries = Tries(given.jobs, enough=given.enough, is_verbose=given.verbose)
    names = [mutant.name for mutant in every() if given.only in mutant.name]
    drawn = set(random.Random(given.seed).sample(names, min(given.sample or len(names), len(names))))  # noqa: S311
    results = tries.all(lambda mutant: mutant.name in drawn)
    return told(results, is_whole=drawn == {mutant.name for mutant in every()})


def every() -> Iterator[Mutant]:
    """Yield every mutant of every module."""
    for name in MODULES:
        text = Path(str(importlib.import_module(name).__file__)).read_text(encoding="utf-8")
        yield from mutants(name, ast.parse(text), text)


def told(results: dict[str, str], *, is_whole: bool) -> int:
    """Print what became of the mutants; return the exit code."""
    listed = {
        name: each["reason"]
        for each in tomllib.loads(SURVIVORS.read_text("utf-8"))["survivor"]
        for name in each["mutants"]
    }
    survivors = {name for name, result in results.items() if result == "written"}
    refused = Counter(result.removeprefix("refused by ") for result in results.values() if result.startswith("refused"))
    counted = len(survivors) + refused.total()
    count = Counter(result.split()[0] for result in results.values())
    print(f"{len(results)} mutants: {count['same']} change no .tf, {count['words']} only words, {counted} count")
    print(f"refused: {refused.total()} ({', '.join(f'{code} {times}' for code, times in refused.most_common())})")
    print(f"survivors: {len(survivors)}, {100 * len(survivors) / max(counted, 1):.1f} % of those that count")
    new = survivors - listed.keys()
    gone = listed.keys() - survivors if is_whole else set()
    for name in sorted(new):
        print(f"not accounted for: {name}")
    for name in sorted(gone):
        print(f"survives no more: {name}")
    return 1 if new or gone else 0


if __name__ == "__main__":
    sys.exit(main())
