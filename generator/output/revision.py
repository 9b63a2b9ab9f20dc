"""What git has of folders and files at a revision: two processes for all of them, and nothing is changed.

git finds the repository by itself, so that it refuses what belongs to another user (safe.directory); what variables say
of a repository, as in a hook, does not count. Paths are never patterns, and a link is not followed into a commit.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from generator.source import reading
from generator.source.diagnostics import Code, Diagnostic, Place, Refused
from generator.source.hcl_bounds import held_together
from generator.source.reading import is_file, note, reason, resolved
from generator.source.repository import ANSWERS, top_above

NO_REVISION = Code("E515")
TOO_MUCH = "\n\0\0"
"""The text of a file that is too long, or one of too many that are long: it is not read."""
_NO_GIT = "git init and commit what is there before the change, or name a folder of modules in place of a revision"
_KEPT = ("GIT_CEILING_DIRECTORIES", "GIT_CONFIG", "GIT_EXEC_PATH")
_OWN = {"GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
_OWN |= {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
"""A clone without blobs fetches nothing, for the repository's own settings say which program does; git before 2.45
knows the second alone."""
_SECONDS = 60
RELATIVE = "the path is relative to the spec, with / between folders"
_BASES = ("@{upstream}", "origin/HEAD", "origin/main")


def texts_at(paths: Iterable[Path], revision: str, endings: tuple[str, ...] = ("",)) -> dict[Path, str]:
    """Return the text of each file at a revision that is one of the paths, or in a folder that is, and ends like that.

    A file has the path that was given, and below a folder what follows. Raises Refused (E515) where there is no git, no
    repository or no such revision; what the revision does not have is left out.
    """
    given: dict[Path, dict[PurePosixPath, Path]] = {}
    for path in paths:
        top = repository(path)
        if top is None:
            raise Refused(
                [NO_REVISION.at(Place(str(path)), f"not in a git repository, so it has no {revision}", _NO_GIT)]
            )
        given.setdefault(top, {})[PurePosixPath(resolved(path).relative_to(top).as_posix())] = path
    found: dict[Path, str] = {}
    for top, named in given.items():
        blobs = dict(_blobs(top, named, revision, endings))
        texts = _texts(top, dict(blobs.values()), revision)
        for name, (blob, _) in blobs.items():
            for prefix in (name, *name.parents):
                if prefix in named:
                    found[named[prefix] / name.relative_to(prefix)] = texts[blob]
    return found


def blobs_at(top: Path, folder: Path, revision: str, endings: tuple[str, ...]) -> Iterator[tuple[PurePosixPath, str]]:
    """Yield the path within a folder, and the blob, of each file at a revision that ends like that; may raise E515."""
    name = PurePosixPath(resolved(folder).relative_to(top).as_posix())
    for path, (blob, _) in _blobs(top, [name], revision, endings):
        yield path.relative_to(name), blob


def base_revision(folder: Path) -> str | None:
    """Return the commit that this branch began at: where it left its upstream, else `origin`'s branch; else HEAD.

    None where git can't say: it is not installed, there is no repository or no commit yet, or git refuses to read it.
    """
    top = repository(folder)
    return _began(top)[0] if top else None


def is_cut_off(folder: Path) -> bool:
    """Tell whether a clone is shallow, and has not the history that says where its branch began."""
    top = repository(folder)
    answer = _git(top, "rev-parse", "--is-shallow-repository") if top else None
    return bool(top and answer and answer.stdout.strip() == b"true" and not _began(top)[1])


def _began(top: Path) -> tuple[str | None, bool]:
    """Return the commit that a branch began at, or else HEAD; and whether git knows it to be that."""
    known: dict[str, tuple[str | None, bool]] = _known("began", top)
    return known["is"] if known else known.setdefault("is", _beginning(top))


def _beginning(top: Path) -> tuple[str | None, bool]:
    names = "".join(f"{name}^{{commit}}\n" for name in ("HEAD", *reversed(_BASES)))  # a missing upstream ends git
    named = _git(top, "cat-file", "--batch-check=%(objectname)", given=names.encode())
    head, *bases = named.stdout.decode().splitlines() if named and named.stdout else ["no commit"]
    known = [base for base in reversed(bases) if " " not in base]
    answers = (_git(top, "merge-base", head, base) for base in known if head not in known[:1])
    found = next((answer.stdout.decode().strip() for answer in answers if answer and not answer.returncode), "")
    return (None if " " in head else found or head), bool(found or head in known[:1])


def renamed(top: Path, revision: str) -> dict[Path, Path]:
    """Return, by its path in the index, where a revision has a file that git takes for the same."""
    answer = _git(top, "diff-index", "--cached", "-M", "--diff-filter=R", "--name-status", "-z", revision)
    parts = iter(os.fsdecode(answer.stdout).split("\0") if answer and not answer.returncode else ())
    return {top / new: top / old for _, old, new in zip(parts, parts, parts, strict=False)}


def ignored(top: Path, paths: Iterable[Path]) -> set[Path]:
    """Return which paths git is told to ignore."""
    known = {os.fsencode(resolved(path)): path for path in paths}
    answer = _git(top, "--no-literal-pathspecs", "check-ignore", "-z", "--stdin", given=b"\0".join(known))
    return {known[each] for each in (answer.stdout if answer else b"").split(b"\0") if each in known}


def listed(top: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of a repository that end like that, but for what git is told to ignore."""
    known = _known("listed", top)
    if not known:
        answer = _git(top, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        known["is"] = (answer.stdout if answer else b"").split(b"\0")
    for name in known["is"]:
        if name.endswith(tuple(map(str.encode, endings))):
            yield top / os.fsdecode(name)


def repository(path: Path) -> Path | None:
    """Return the folder of the repository that a path is in, whether or not there is anything at the path."""
    return top_above(resolved(path) / "-")


def whereabouts(folder: Path, path: Path) -> tuple[Path, Path]:
    """Return where a path leads, and the top of the repository that a folder is in, or else the folder itself."""
    found = resolved(path), repository(folder) or resolved(folder)
    note(("path", folder, path), "\0".join(map(str, found)))
    return found


def _git(top: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes] | None:
    """Return what git answers; None where there is no git that can be run."""
    program = shutil.which("git")
    if program is None:
        return None
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)}
    command = (program, "-C", str(top), *arguments)
    try:
        return subprocess.run(command, input=given, capture_output=True, check=False, env=kept | _OWN, timeout=_SECONDS)
    except (OSError, ValueError, subprocess.SubprocessError):  # a path too long, NUL in a name, no answer in time
        return None


def _answer(top: Path, revision: str, *arguments: str, given: bytes = b"") -> bytes:
    """Return what git prints; raise Refused with what it says where it fails."""
    answer = _git(top, *arguments, given=given)
    if answer is not None and not answer.returncode:
        return answer.stdout
    says = answer.stderr.decode(errors="replace").strip() if answer else ""
    fix = "" if answer else "install git, or compare with a folder: --against DIR"
    fix = f"git config --global --add safe.directory {top}, if you trust it" if "safe.directory" in says else fix
    message = f"git says: {says.splitlines()[0].removeprefix('fatal: ')}" if says else "git can't be run"
    raise Refused([NO_REVISION.at(Place(str(top)), f"{revision} can't be read; {message}", fix)])


def _blobs(
    top: Path, named: Iterable[PurePosixPath], revision: str, endings: tuple[str, ...]
) -> Iterator[tuple[PurePosixPath, tuple[str, int]]]:
    """Yield the path of each plain file at a revision, its blob and how long that is."""
    if revision.startswith("-"):  # git takes it for an option, and no branch may have such a name
        raise Refused([NO_REVISION.at(Place(str(top)), f"{revision} is not the name of a revision")])
    known, named = _known("blobs", top, revision), {*named}
    if asked := named - known.keys():
        listed = _answer(top, revision, "ls-tree", "-rlz", f"{revision}^{{commit}}", "--", *map(str, asked))
        known |= {each: {} for each in asked}
        for line in filter(None, listed.split(b"\0")):
            about, _, name = line.partition(b"\t")
            mode, _, blob, size = about.decode().split()
            path = PurePosixPath(os.fsdecode(name))
            for each in asked & {path, *path.parents} if mode.startswith("100") else ():
                known[each][path] = (
                    blob,
                    int(size) if size.isdigit() else 0,
                )  # what is not there is told when it is read
    found = {path: blob for each in named for path, blob in known[each].items() if path.name.endswith(endings)}
    yield from found.items()


def _texts(top: Path, blobs: Mapping[str, int], revision: str) -> dict[str, str]:
    """Return the text of each blob, with the line ends that a rendered file has; TOO_MUCH of what is not held."""
    texts = _known("texts", top)
    wanted = {blob: size for blob, size in blobs.items() if blob not in texts}
    held = held_together(wanted)
    texts.update(dict.fromkeys(wanted.keys() - held, TOO_MUCH))
    given = "".join(f"{blob}\n" for blob in held).encode()
    answer = io.BytesIO(_answer(top, revision, "cat-file", "--batch", given=given) if given else b"")
    while head := answer.readline().decode().rstrip("\n"):
        if head.endswith(" missing"):  # a damaged repository, or a clone without blobs
            raise Refused([NO_REVISION.at(Place(str(top)), f"{revision} can't be read; git says: {head}")])
        blob, _, size = head.split()
        text, _ = answer.read(int(size)), answer.read(1)  # and the end of the line after it
        texts[blob] = text.decode(errors="replace").replace("\r\n", "\n")
    return texts


def _known(*question: object) -> dict[Any, Any]:
    """Return what git answered to a question in this run, to be filled in."""
    answers = ANSWERS.get()
    found: dict[Any, Any] = {} if answers is None else answers.setdefault(question, {})
    return found


def named_beside(place: Place, stated: str, code: Code, what: str, *, is_folder: bool = False) -> str:
    """Return a file or folder that is named at a place; raises Refused for one that is outside of its repository."""
    found = beside(place, stated, code, what)
    kind, is_right = ("folder", reading.is_folder) if is_folder else ("file", is_file)
    if isinstance(found, Path) and not is_right(found):
        found = code.at(place, f"{stated}: there is no such {kind}", f"the path is relative to {place.file}")
    if isinstance(found, Diagnostic):
        raise Refused([found])
    plain = Path(os.path.normpath(found))
    return (plain if resolved(plain) == resolved(found) else found).as_posix()  # a link may be before the `..`


def beside(place: Place, name: str, code: Code, what: str) -> Path | Diagnostic:
    """Return the path of what is named at a place, relative to that place's file, or why it is not read.

    It is in that file's repository, or else in its folder: a spec may name a file that is not its author's to read.
    """
    folder = Path(place.file).parent
    path = folder / PurePosixPath(name)
    try:
        real, top = whereabouts(folder, path)
    except (OSError, ValueError, RuntimeError) as error:  # the last for links in a circle
        return code.at(place, f"{name}: can't be read: {reason(error)}", RELATIVE)
    if not real.is_relative_to(top):
        fix = f"copy the {what} to a {'folder in the repository' if what == 'templates' else 'file beside the spec'}"
        return code.at(place, f"{name}: it is outside of {top}", fix)
    if own := {".git", ".hg", ".svn"}.intersection(map(str.casefold, real.relative_to(top).parts)):
        return code.at(
            place, f"{name}: it is in {own.pop()}, which is the version control's own", f"name another {what}"
        )
    if PurePosixPath(name).is_absolute():
        relative = Path(os.path.relpath(real, resolved(folder))).as_posix()
        fix = f"write {{file: {relative}}}" if what == "policy" else f"write {relative}"
        return code.at(place, f"{name}: the path is absolute", fix)
    return path
