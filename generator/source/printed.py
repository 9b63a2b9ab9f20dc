"""Files of what AWS's CLI or Terraform printed: in any encoding, of up to 64 MiB, read in bounded memory."""

from __future__ import annotations

import codecs
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

from generator.source.diagnostics import Place, Refused
from generator.source.reading import NO_FILE, contents
from generator.source.text import TOO_LARGE

LARGEST_PRINTED = 64 * 2**20
"""The most bytes of what AWS's CLI or Terraform printed: some 20,000 resources of a state."""
_OF_JSON = ((b"{", 184), (b"[", 72), (b",", 72))  # bytes of memory for each
_OF_XML = ((b"<", 120),)
HEAVIEST = 264 * 2**20
"""The most of these; a state of 64 MiB has 230."""
TOO_HEAVY = "has more text, lists, objects and values than 300 MiB of memory hold"
_MOST_OBJECTS = 900_000  # with a text of its own in each, they take as much
_MOST_MEMORY = 230 * 2**20  # beside what the command itself takes
_CHUNK = 2**20
_CONTROL = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f]")
_EMPTY = rb"(\xff\xfe|\xfe\xff|\xef\xbb\xbf)?[ \r\n\t\0]*"
"""What a file may have that says nothing, as PowerShell writes one."""


@contextmanager
def bounded(file: str, held: int = 0) -> Iterator[None]:
    """Read a file meanwhile, of which so many bytes are held; raises Refused (E013) for one that takes too much memory.

    What JSON takes can't be told before it is read. So the system gives no more: Linux does, others know no such limit.

    https://man7.org/linux/man-pages/man2/getrlimit.2.html (RLIMIT_DATA)
    """
    restore, told = _limit(_MOST_MEMORY - held), sys.unraisablehook
    sys.unraisablehook = lambda _: None  # where even that finds no memory, Python prints it
    try:
        yield
    except (MemoryError, SystemError):  # as Python has it where even an exception finds no memory
        raise _too_heavy(file) from None
    finally:
        restore()
        sys.unraisablehook = told


def _limit(more: int) -> Callable[[], object]:
    """Have the system give this process so many bytes more and no others; return what ends that."""
    with suppress(ImportError, OSError):
        system, data = import_module("resource"), Path("/proc/self/statm").read_bytes().split()[5]
        limits = system.getrlimit(system.RLIMIT_DATA)
        limit = int(data) * system.getpagesize() + more
        if limits[0] == system.RLIM_INFINITY or limit < limits[0]:
            system.setrlimit(system.RLIMIT_DATA, (limit, limits[1]))
            return lambda: system.setrlimit(system.RLIMIT_DATA, limits)
    return lambda: None


def _too_heavy(file: str) -> Refused:
    return Refused([TOO_LARGE.at(Place(file), f"the file {TOO_HEAVY}", "give what was printed, and less of it")])


def weight(read: bytes) -> int:
    """Return some bytes of memory that the lists, objects and values of JSON or XML take."""
    marks = _OF_XML if read.lstrip(b"\xff\xfe\xef\xbb\xbf\0 \r\n\t").startswith(b"<") else _OF_JSON
    return sum(read.count(mark) * each for mark, each in marks)


def printed(file: str, less: str = "", wanted: str = "give the file that has it") -> bytes:
    """Return the JSON of a file, or of standard input for `-`.

    `less` says how to have less of it, `wanted` what to give. Raises Refused for what can't be read or is empty (E030),
    is too large, or would take much more memory than it is long (E013).
    """
    read = sys.stdin.buffer.read(LARGEST_PRINTED + 1) if file == "-" else contents(file, LARGEST_PRINTED, wanted)
    if len(read) > LARGEST_PRINTED:
        raise Refused([TOO_LARGE.at(Place(file), f"the file is larger than {LARGEST_PRINTED >> 20} MiB", less)])
    if weight(read) > HEAVIEST or read.count(b"{") > _MOST_OBJECTS:
        raise _too_heavy(file)
    if re.fullmatch(_EMPTY, read):
        raise Refused([NO_FILE.at(Place(file), "it is empty: what should have written it printed nothing", wanted)])
    return read


def answer(file: str) -> bytes:
    """Return what a file with answers of AWS holds, or standard input for `-`; raises Refused (E030, E013)."""
    return printed(file, "ask for one VPC: --filters Name=vpc-id,Values=VPC", "run the AWS CLI's line again")


def ascii_json(text: bytes) -> str:
    """Return JSON with all escaped that is not ASCII: one such character makes all others take as much memory.

    Raises ValueError for what is not text.
    """
    if text.isascii() and b"\0" not in text[:4]:  # as UTF-16 has it
        return text.decode("ascii")
    decoder = codecs.getincrementaldecoder(json.detect_encoding(text))()
    ends = range(_CHUNK, len(text) + _CHUNK, _CHUNK)
    return "".join(_escaped(decoder.decode(text[end - _CHUNK : end], end >= len(text))) for end in ends)


def _escaped(text: str) -> str:
    """Return a part of JSON with only that escaped which is not ASCII; no step of Python's is for one character."""
    if text.isascii() or _CONTROL.search(text):  # which makes it no JSON
        return text
    found = json.dumps(text)[1:-1].replace(r"\\", "\0")
    for escaped, each in (('\\"', '"'), (r"\n", "\n"), (r"\r", "\r"), (r"\t", "\t"), ("\0", "\\")):
        found = found.replace(escaped, each)
    return found
