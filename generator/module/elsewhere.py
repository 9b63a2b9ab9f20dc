"""The roots of a repository, the files of each read once: which call a module, and below which paths."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from generator.module.root_files import DEEPEST, Call, Chain, blocks_of, brings_into_modules, calls_of, content_of
from generator.output.revision import listed, repository
from generator.output.terraform import OF_TERRAFORM, may_import
from generator.source.reading import resolved

_FOLDER = re.compile(rb'"(\.[^"\n]*)"')
"""What may lead to a folder."""


def files_of_roots(modules: Iterable[Path]) -> list[Path]:
    """Return the files of Terraform of this repository, but for those of modules; outside of one, here and below."""
    top, folders = repository(Path()), {*map(resolved, modules)}
    here = (each for pattern in ("*", "*/*") for each in Path().glob(pattern) if each.name.endswith(OF_TERRAFORM))
    files = listed(top, OF_TERRAFORM) if top else map(resolved, here)
    there = (each for each in files if each.parent not in folders and may_import(each.name) and each.is_file())
    return sorted(Path(os.path.relpath(each)) for each in there)


def callers(module: Path, files: Iterable[Path]) -> Iterator[tuple[Path, Call]]:
    """Yield the folders of files that call a module, with each call.

    What has not the name of the module's folder is not parsed: a repository may have thousands of roots.
    """
    at = resolved(module)
    texts = ((each, content) for each in files if at.name.encode() in (content := content_of(each) or b""))
    calls = ((file.parent, call) for file, content in texts for call in calls_of(file, blocks_of(file, content)))
    return ((each, call) for each, call in calls if call.at == at)


class Elsewhere:
    """The files of all roots, of which it is known where they may lead; each is read once for that."""

    def __init__(self, modules: Iterable[Path] = ()) -> None:
        """Read them; `modules` are folders in which there are no roots."""
        self.files = files_of_roots(modules)
        self.importing, self._calling = dict[Path, None](), defaultdict[str, list[Path]](list)
        self._callers = dict[str, dict[Path, list[tuple[Path, Call]]]]()
        for file in self.files:
            content = content_of(file) or b""
            if brings_into_modules(content):
                self.importing[file.parent] = None
            for name in {Path(os.path.normpath(os.fsdecode(each))).name for each in _FOLDER.findall(content)}:
                self._calling[name].append(file)

    def ways(self, module: Path, depth: int = DEEPEST) -> Iterator[tuple[Path, str]]:
        """Yield the folders of roots that call a module, also by way of others in folders, and its path in each."""
        for folder, call in self._calls_of(module) if depth else ():
            above = [*self.ways(folder, depth - 1)] or [(folder, "")]
            yield from ((root, path + Chain((call,)).path) for root, path in above)

    def paths(self, module: Path) -> set[str]:
        """Return those paths."""
        return {path for _, path in self.ways(module)}

    def roots_below(self, module: Path) -> set[Path]:
        """Return those folders that are below the working one."""
        return {folder for folder, _ in self.ways(module) if ".." not in folder.parts}

    def _calls_of(self, module: Path) -> list[tuple[Path, Call]]:
        """Return the calls of a module, with their folders; files that lead to folders of one name are read at once."""
        at = resolved(module)
        if at.name not in self._callers:
            by_folder = self._callers[at.name] = defaultdict(list)
            for file in self._calling.get(at.name, ()):
                for call in calls_of(file, blocks_of(file, content_of(file))):
                    if call.at:
                        by_folder[call.at].append((file.parent, call))
        return self._callers[at.name].get(at, [])
