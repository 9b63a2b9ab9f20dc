"""What the commands share that ask AWS: their options, and how they get an Estate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.cli.app import stated
from generator.cli.progress import doing, still
from generator.live import estate
from generator.live.aws import NO_AWS
from generator.live.estate import Estate
from generator.source.diagnostics import Place, Refused
from generator.source.printed import answer, ascii_json, bounded
from generator.source.reading import NO_FILE, is_folder, is_there, resolved

if TYPE_CHECKING:
    from generator.live.applied import Applied
    from generator.live.aws.client import Access
    from generator.module.root_files import RootFiles

Profile = Annotated[str | None, typer.Option("--profile", metavar="NAME", help="The profile of the AWS configuration.")]
EndpointUrl = Annotated[
    str | None, typer.Option("--endpoint-url", metavar="URL", help="Another URL for AWS's APIs, such as an emulator's.")
]
From = Annotated[
    list[str] | None,
    typer.Option(
        "--from",
        metavar="FILE",
        callback=stated,
        help="Read what `aws ec2 describe-… --output json` printed, instead of asking AWS: a file, a folder with "
        "*.json, a quoted pattern, or - for standard input; may be repeated.",
    ),
]
Inputs = Annotated[
    list[str] | None,
    typer.Option("--var", metavar="NAME=ID,…", help="The ids for an input of the module; may be repeated."),
]

States = Annotated[
    list[str] | None,
    typer.Option(
        "--state",
        metavar="FILE",
        callback=stated,
        help="What `terraform show -json` printed in a root, or - for stdin; may be repeated.",
    ),
]

_FILES = "give what the AWS CLI prints with --from FILE"


def applied_of(states: Iterable[str] | None) -> Applied | None:
    """Return what Terraform's states have, by the files that have them; None where none is given."""
    from generator.live.applied import applied
    from generator.source.terraform_json import read_state

    names = [*dict.fromkeys(states or ())]
    return applied(map(read_state, names), names) if names else None


def imports_beside(
    folder: Path, is_own: Callable[[str, str], bool | None] | None = None, here: RootFiles | None = None
) -> dict[tuple[str, str], str] | None:
    """Return what import blocks of a module's folder bring in, and of its root, that `here`, if that is another folder.

    Of the root, what a block of a type brings to an address that `is_own`, or of which that is not told (None).

    So too what `moved` blocks there do, not those that the module's own files have for `was`.

    None without that folder.
    """
    from generator.live.moves import imported
    from generator.module.module import HCL
    from generator.module.root_files import RootFiles

    root = here or RootFiles(Path())
    callers = {} if resolved(folder) == resolved(root.folder) else root.brought
    found = imported(RootFiles(folder, HCL).brought, callers, is_own)
    return found if found or is_folder(folder) else None


def kept_beside(folder: Path, here: RootFiles) -> Collection[str] | None:
    """Return what files beside a module's own, and a root `here`, keep of what a state has: see `module.kept`."""
    from generator.module.kept import kept
    from generator.module.module import HCL
    from generator.module.root_files import RootFiles

    own = (blocks for file, blocks in RootFiles(folder).by_file.items() if file.name not in HCL)
    return kept((*own, *(() if resolved(folder) == Path.cwd() else here.by_file.values())))


def inputs_of(given: Iterable[str] | None) -> dict[str, tuple[str, ...]]:
    """Return the ids of the module's inputs as the options state them; a usage error for anything else."""
    inputs: dict[str, tuple[str, ...]] = {}
    for each in given or ():
        name, equals, ids = each.partition("=")
        if not equals or not name or not ids:
            raise typer.BadParameter(f"{each} is not of the form NAME=ID or NAME=ID,ID", param_hint="--var")
        inputs[name.strip()] = tuple(identifier.strip() for identifier in ids.split(",") if identifier.strip())
    return inputs


def estate_of(
    region: str,
    kinds: Iterable[str],
    choose: Callable[[Estate], Iterable[str]],
    *,
    files: list[str] | None = None,
    profile: str | None = None,
    endpoint_url: str | None = None,
    optional: Iterable[str] = (),
    everywhere: Iterable[str] = (),
    login: Access | None = None,
) -> Estate:
    """Return what exists in a Region: from files where some are given, else as AWS answers now.

    `choose` picks the VPCs, by id, that more is asked about; `optional` kinds may be missing, and kinds that are
    `everywhere` are asked for in all VPCs. Raises Refused where neither can be had.
    """
    if files and (profile or endpoint_url):
        raise typer.BadParameter("--profile and --endpoint-url ask AWS, and --from does not")
    if files:
        from generator.live import answers

        needed, folder = ("Vpcs", *kinds), next(filter(is_folder, files), "DIR")
        lines = [line for kind in (*needed, *optional) for line in estate.to_files(kind, region, folder)]
        found = answers.read(((file, text_in(file)) for each in files for file in _files(each)), region, lines)
        estate.require(found, needed, Place(", ".join(files)), optional, folder)
        return found
    reached = login or log_in(region, profile, endpoint_url)
    from generator.live.aws.reading import read

    with doing(lambda: f"asking {reached.place}"):
        return read(reached, kinds, choose, optional=optional, everywhere=everywhere)


def log_in(region: str, profile: str | None, endpoint_url: str | None, otherwise: str = _FILES) -> Access:
    """Return how AWS is reached; the profile may ask for a code.

    Raises Refused (E278) where there are no credentials, or where boto3 is not installed, with what to do otherwise.
    """
    try:
        from generator.live.aws.client import Access, explained
    except ModuleNotFoundError as error:
        fix = f"pip install boto3 (pipx inject gen-endpoints boto3, where pipx installed it), or {otherwise}"
        raise Refused([NO_AWS.at(Place(f"AWS {region}"), f"{error.name} is not installed", fix)]) from error
    found = Access(region=region, profile=profile, endpoint_url=endpoint_url)
    with still(f"logging in: {found.place}"), explained(found, "sts:AssumeRole"):
        found.client("ec2")
    return found


def _files(given: str) -> Iterable[str]:
    """Return the files that --from means, in the order of their names; raises Refused (E030) where there are none."""
    path = Path(given)
    with suppress(OSError, ValueError):  # as a name that no file can have: it is told where it is read
        if is_folder(path) or (not is_there(path) and set("*?[") & set(given)):
            folder, pattern = (
                (path, "*.[jJ][sS][oO][nN]")
                if is_folder(path)
                else (Path(path.anchor), given.removeprefix(path.anchor))
            )
            # a pipe or a link to what is gone is not left out: it is told where it is read
            those = (each for each in folder.glob(pattern) if not (is_folder(each) or each.name.startswith(".")))
            if found := sorted(map(str, those)):  # as `._…`, which macOS leaves beside a file
                return found
            raise Refused([NO_FILE.at(Place(given), "has no *.json" if is_folder(path) else "no file has such a name")])
    return [given]


def text_in(file: str) -> str:
    """Return what a file holds."""
    try:
        with bounded(file):
            return ascii_json(answer(file))
    except UnicodeDecodeError as error:
        from generator.live import answers

        message = f"not text: the byte 0x{error.object[error.start]:02x} is not {error.encoding.upper()}"
        raise Refused([answers.NO_ANSWER.at(Place(file), message, "give what the AWS CLI prints, as UTF-8")]) from error
