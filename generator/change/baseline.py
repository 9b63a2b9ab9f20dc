"""What a module is compared with: what git's base revision has of its folder, else what the folder holds.

Where git can't say (no repository, no commit, no program), the folder alone counts.
"""

from __future__ import annotations

import os
import re
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from generator.fleet.rows import FORMER
from generator.module.module import HCL
from generator.output import manifest
from generator.output.disk import explained
from generator.output.revision import NO_REVISION, base_revision, ignored, renamed, repository, texts_at
from generator.source import source
from generator.source.diagnostics import Diagnostic, Place, Refused
from generator.source.reading import bytes_of
from generator.source.source import Source
from generator.source.text import LARGEST_FILE
from generator.spec.model import NAME

Held: TypeAlias = tuple[Mapping[str, str], Source]
"""What a folder is to hold, text by path, and its spec."""
_READ = (".tf", manifest.NAME, manifest.PENDING)


class Baseline(NamedTuple):
    """What a module was: text by path, its manifest among them."""

    files: Mapping[str, str]
    lacks: str = ""
    """Why git has no such module, if there is a base revision: `files` are what the folder holds, applied or not."""
    was: str = ""
    """The name that the spec has at the base revision, if a folder of that name is still there."""
    name: str = ""
    """What `files` are of, in a few words."""
    account: str = ""
    """The account of the target that this one was, as far as its row said one."""


def baselines(modules: Mapping[Path, Held], stated: str = "") -> dict[Path, Baseline]:
    """Return what each folder is compared with; a stated revision is in place of the base revision."""
    tops = {path: repository(path) for folder, (_, spec) in modules.items() for path in (folder, Path(spec.file))}
    endings = (*_READ, *{Path(spec.file).name for _, spec in modules.values()})
    texts, revisions, found = defaultdict[Path, dict[str, str]](dict), dict[Path, str](), dict[Path, Baseline]()
    former, unseen = dict[Path, Path](), set[Path]()
    for top in filter(None, {*tops.values()}):
        here = [path for path, each in tops.items() if each == top]
        if (revision := stated or base_revision(top) or "") and _read(here, revision, endings, texts):
            revisions |= dict.fromkeys(here, revision)
            if new := [each for each in here if not (texts[each] or texts[each.parent].get(each.name))]:
                former |= renamed(top, revision)
                unseen |= ignored(top, new)
    for folder, (files, spec) in modules.items():
        path = Path(spec.file)
        old, revision, at = folder, revisions.get(folder, ""), former.get(path.resolve(), path)
        renamed_from = folder_before(folder, spec)
        if revision and not ours(texts[folder], files):
            _read({at} - {path}, revision, ("",), texts)
            old = renamed_from or folder.with_name(_name(texts[at.parent].get(at.name, "")) or folder.name)
            _read({old} - {folder}, revision, endings, texts)
        is_known, is_left = bool(ours(texts[old], files)), old != folder and old.exists() and not renamed_from
        why = f"git ignores {folder}, and nobody can tell what was applied" if folder in unseen else ""
        found[folder] = Baseline(
            texts[old] if is_known and not is_left else {} if stated else held(renamed_from or folder),
            lacks="" if is_known or stated or not revision else why or f"{revision[:7]} has no {folder}",
            was=old.name if is_left and old not in modules else "",
            name=revision[:7] if is_known else "what is on disk",
            account=_account(texts[at.parent].get(at.name, ""), spec.row.was) if spec.row and renamed_from else "",
        )
    return found


def folder_before(folder: Path, spec: Source) -> Path | None:
    """Return the folder that `render` makes this one of, by `was`; None where there is none, or this one is there."""
    old = _former(folder, spec)
    return old if old and not folder.exists() and old.is_dir() else None


def _former(folder: Path, spec: Source) -> Path | None:
    return folder.parents[spec.row.key.count("/")] / spec.row.was if spec.row and spec.row.was else None


def unfollowed(modules: Mapping[Path, Source]) -> dict[Path, Diagnostic]:
    """Return why `was` can't be followed: what it names is of another of these specs, or both folders are there."""
    found = dict[Path, Diagnostic]()
    for folder, spec in modules.items():
        if old := _former(folder, spec):
            why = f"{old} is the module of {modules[old].path}" if old in modules else ""
            why = why or (f"{folder} would be inside of {old}" if old in folder.parents else "")
            if why := why or (f"{old} is still there, and {folder} is too" if folder.exists() and held(old) else ""):
                fix = "take was out; or move what is yours from the old folder to the new one, and delete the old one"
                found[folder] = FORMER.at(spec.place(("name",)), f"was can't be followed: {why}", fix)
    return found


def compared_with(modules: Mapping[Path, Held], against: str, out: Path) -> dict[Path, Baseline]:
    """Return what each module was, and each that is there and whose folder is gone from `out`.

    `against` is a folder of modules' folders, or else a revision; empty, it is `out`. Raises Refused (E306, E515) for
    what can't be read, and where there is nothing to compare with.
    """
    base = out
    with suppress(OSError):  # too long for a name
        base = Path(against) if against and Path(against).is_dir() else out
    there = defaultdict[Path, dict[str, str]](dict)
    if against and base is out:
        for path, text in texts_at([out], against, _READ).items():
            if out in path.parent.parents:
                there[path.parent][path.name] = text
        was = baselines(modules, against)
    else:
        with explained(base):
            names = sorted(_modules(base)) if base.exists() else []
            wanted = [name for name in names if out / name in modules or not (out / name).exists()]
            there |= {out / name: held(base / name) for name in wanted}
            if against and not any(ours(held(base / name), ()) for name in (*wanted, *names)):
                branch = f"refs/heads/{against}"
                fix = f"for the branch, write --against {branch}" if _read([out], branch, (), {}) else ""
                raise Refused([NO_REVISION.at(Place(against), "the folder has no module that we rendered", fix)])
        before = {at: folder_before(base / at.relative_to(out), spec) for at, (_, spec) in modules.items()}
        texts = {at: held(old) for at, old in before.items() if old}
        was = {at: each._replace(files=there.get(at, texts.get(at, {}))) for at, each in baselines(modules).items()}
    if base is out and not (there or out.exists()):
        raise Refused([no_folder(out, against)])
    taken = [ours(each.files, ()) for folder, each in was.items() if folder not in there]  # by a spec of another name
    gone = {folder: ours(texts, ()) for folder, texts in there.items() if folder not in was and not folder.exists()}
    return was | {folder: Baseline(there[folder]) for folder, texts in gone.items() if texts and texts not in taken}


def _modules(base: Path) -> Iterator[str]:
    """Yield the folders in a folder, and those inside that have a manifest, relative to it."""
    for folder, inside, files in os.walk(base):
        inside[:] = [each for each in inside if not each.startswith(".")]
        path = Path(folder).relative_to(base)
        if path.parts and (manifest.NAME in files or len(path.parts) == 1):
            yield path.as_posix()


def no_folder(out: Path, against: str = "") -> Diagnostic:
    """Return that there is no folder of modules' folders, with the line to type where one is on the way up."""
    near = (os.path.relpath(each / out) for each in Path.cwd().parents if (each / out).is_dir())
    message = f"is not there{f', nor at {against}' if against else ''}, so there is nothing to compare with"
    return NO_REVISION.at(Place(str(out)), message, f"write --out {next(near, 'DIR')}, or render first")


def held(folder: Path) -> dict[str, str]:
    """Return the text of Terraform's files and of the manifests in a folder; of no plain file, one unreadable."""
    with explained(folder):
        there = [each for each in folder.iterdir() if each.name.endswith(_READ)] if folder.is_dir() else []
        files = {each.name: bytes_of(each) if stat.S_ISREG(each.lstat().st_mode) else b"\0" for each in there}
        texts = {
            name: text.decode(errors="replace") + "\0" * (len(text) > LARGEST_FILE) for name, text in files.items()
        }
        return {name: text.replace("\r\n", "\n") for name, text in texts.items() if text}


def ours(texts: Mapping[str, str], files: Iterable[str], *, every: bool = False) -> dict[str, str]:
    """Return what is ours of Terraform's files: by their name now, or as the manifest of their folder says.

    With `every`, also what is of a team's templates.
    """
    known = {*files, *manifest.ours({path: text.encode(errors="replace") for path, text in texts.items()})}
    known = known if every else known & {*HCL}
    return {path: text for path, text in texts.items() if path in known and path.endswith(".tf")}


def _read(paths: Iterable[Path], revision: str, endings: tuple[str, ...], texts: Mapping[Path, dict[str, str]]) -> bool:
    """Take in, by folder and name, what a revision has of some paths; tell whether it can be read."""
    with suppress(Refused):
        for path, text in texts_at(paths, revision, endings).items():
            texts[path.parent][path.name] = text
        return True
    return False


def _account(text: str, key: str) -> str:
    """Return the account that a target has in the text of a spec; empty where it states none."""
    with suppress(Refused, AttributeError, KeyError, TypeError):
        data: Any = source.parse(text, "").data
        return str(data["targets"][key].get("account", ""))
    return ""


def _name(text: str) -> str:
    """Return the name that a spec has, empty where it has none that a folder can have."""
    with suppress(Refused):
        data: Any = source.parse(text, "").data
        name = data.get("name")
        if isinstance(name, str) and re.fullmatch(NAME, name):
            return str(name)
    return ""
