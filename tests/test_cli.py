"""The commands, as their users run them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import forked
from tests.cases import ROOT

BAND_UP = str(ROOT / "specs" / "band-up.yaml")


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    """Run the command line in an empty folder, with a cache of its own."""
    return Runner(tmp_path)


class Runner:
    """`gen-endpoints` in one folder."""

    def __init__(self, folder: Path) -> None:
        """Start in an empty folder."""
        self.folder = folder

    def __call__(self, *arguments: str, cache: str = "cache") -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / cache), "COLUMNS": "100"}
        return forked.run(*arguments, folder=self.folder, environment=environment)


def test_render_writes_once(run: Runner) -> None:
    """The first run writes the module, the second has nothing to do."""
    first, second = run("render", BAND_UP), run("render", BAND_UP)

    assert (first.returncode, "created out/band-up/main.tf" in first.stdout) == (0, True)
    assert first.stdout.splitlines()[-2:] == [
        "out/band-up: 4 endpoints, 9 files written",
        "next: cd out/band-up && terraform init && AWS_REGION=ap-southeast-1 terraform plan",
    ]
    assert (second.returncode, second.stdout) == (0, "out/band-up: up to date\n")
    assert run("check", BAND_UP).returncode == 0


@pytest.mark.parametrize(
    ("roots", "said"),
    [
        ({"main.tf": "./out/band-up"}, "next, in the root that calls the module here: "),
        ({"live/main.tf": "../out/band-up"}, "next, in the root that calls the module: cd live && "),
        (
            {"live/main.tf": "../out/band-up", "main.tf": "./out/band-up"},
            "next, in each root that calls a module (., live): ",
        ),
        (
            {"live/main.tf": "../net", "net/main.tf": "../out/band-up"},
            "next, in the root that calls the module: cd live && ",
        ),
        ({"live/main.tf": "../out/other"}, "next: cd out/band-up && "),
    ],
)
def test_render_leads_to_the_roots_that_call_the_module(roots: dict[str, str], said: str, run: Runner) -> None:
    """A plan of the module alone makes all a second time: through a module around it, too."""
    for file, source in roots.items():
        (run.folder / file).parent.mkdir(exist_ok=True)
        (run.folder / file).write_text(f'module "a" {{\n  source = "{source}"\n}}\n')
    line = f"{said}terraform init && AWS_REGION=ap-southeast-1 terraform plan"
    assert run("render", BAND_UP).stdout.splitlines()[-1] == line


def test_dry_run_writes_nothing(run: Runner) -> None:
    """`--dry-run` shows the files and leaves the folder as it was."""
    shown = run("render", BAND_UP, "--dry-run")

    assert (shown.returncode, "+resource" in shown.stdout) == (0, True)
    assert ("would create out/band-up/main.tf" in shown.stdout, " E3" in shown.stdout) == (True, False)
    assert not (run.folder / "out").exists()
    run("render", BAND_UP)
    assert run("render", BAND_UP, "--dry-run").stdout == "out/band-up: up to date\n"


def test_check_says_in_one_line_what_was_never_rendered(run: Runner) -> None:
    """With the command; beside a folder that is there, the conclusion names it."""
    new, other = run("check", BAND_UP), str(ROOT / "specs" / "ids.yaml")
    run("render", other)
    both = run("check", BAND_UP, other)

    told = f"out/band-up: not rendered yet; run: gen-endpoints render {BAND_UP} --out out\n"
    assert (new.returncode, new.stdout, new.stderr) == (4, "", told)
    assert (both.returncode, both.stdout, both.stderr) == (
        4,
        "out/ids: up to date\n",
        f"{told}\n2 modules: 1 not rendered yet, 1 up to date\n",
    )


def test_a_hand_edit_is_kept_and_shown(run: Runner) -> None:
    """A file that was edited by hand is not overwritten without --force; check says so with 4."""
    run("render", BAND_UP)
    main = run.folder / "out" / "band-up" / "main.tf"
    main.write_text(main.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    refused, stale = run("render", BAND_UP), run("check", BAND_UP)

    assert (refused.returncode, "-# mine" in refused.stderr) == (1, True)
    assert (stale.returncode, "-# mine" in stale.stdout) == (4, True)
    assert main.read_text(encoding="utf-8").endswith("# mine\n")
    assert run("render", BAND_UP, "--force").returncode == 0
    assert run("check", BAND_UP).returncode == 0


def test_check_refuses_what_other_files_do_to_ours(run: Runner) -> None:
    """With 4, and in each form; what is the user's own is not told of, and render says what check refuses."""
    run("render", BAND_UP)
    folder = run.folder / "out" / "band-up"
    (folder / "backend.tf").write_text('terraform {\n  backend "s3" {}\n}\n', encoding="utf-8")
    assert run("check", BAND_UP).returncode == 0
    (folder / "override.tf").write_text('resource "aws_vpc_endpoint" "s3" {\n  policy = ""\n}\n', encoding="utf-8")
    checked, rendered = run("check", BAND_UP), run("render", BAND_UP)

    told = f"out/band-up/override.tf:1:1: E321 changes policy of aws_vpc_endpoint.s3, which {BAND_UP} decides\n"
    assert (checked.returncode, told in checked.stdout, "override" in checked.stderr) == (4, True, False)
    assert (rendered.returncode, told in rendered.stderr) == (0, True)


def test_a_wrong_spec_is_told_and_loses_nothing(run: Runner) -> None:
    """A mistake gets its line, and what was rendered stays."""
    (run.folder / "x.yaml").write_text("name: x\nregoin: eu-west-1\n", encoding="utf-8")
    wrong = run("render", "x.yaml")

    assert wrong.returncode == 1
    line = "   2 | regoin: eu-west-1\n     | ^^^^^^\n"
    assert f"x.yaml:2:1: E101 the spec has no key regoin\n{line}    did you mean region?" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_what_cannot_be_read_has_what_to_give_instead(run: Runner) -> None:
    """What a folder is not, and the file that has nearly the name."""
    (run.folder / "shop.yaml").write_text("name: shop\n", encoding="utf-8")
    for folder in ("empty", "out"):
        (run.folder / folder).mkdir()
    (run.folder / "none.json").write_bytes("\r\n".encode("utf-16"))

    assert "no spec is there" in run("preflight", "empty").stderr
    for options in (("drift", BAND_UP, "--state"), ("diff", BAND_UP, "--plan")):
        assert "Is a directory\n    give what th" in run(*options, ".").stderr
        assert "none.json: E030 it is empty" in run(*options, "none.json").stderr
    assert "did you mean shop.yaml?" in run("validate", "shop.yml").stderr
    assert "did you mean shop.yaml?" in run("validate", "shop").stderr
    assert "\n    this folder has shop.yaml\n" in run("validate", "other.yaml").stderr
    shown = run("show", "nowhere").stderr.replace("cache, ", "")  # with CI set nothing is kept
    assert "\n    this folder has empty, out\n" in shown
    assert "\n    there is no folder a; this folder has shop.yaml\n" in run("validate", "a/b/c.yaml").stderr
    assert "\n    did you mean empty?\n" in run("validate", "empti/c.yaml").stderr
    assert "\n    there is no folder empty/a\n" in run("validate", "empty/a/c.yaml").stderr


def test_the_caret_is_under_the_tab(run: Runner) -> None:
    """Blanks before a word are passed over, but for one that is what is wrong."""
    (run.folder / "x.yaml").write_text("endpoints:\n \ts3: {service: s3}\n", encoding="utf-8")

    told = "   2 |   s3: {service: s3}\n     |  ^\n    write spaces in its place\n"
    assert f"x.yaml:2:2: E002 a tab, where YAML takes spaces alone\n{told}" in run("validate", "x.yaml").stderr


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("draw", "x", "--png"), "-o FILE.png"),
        (("page", "--html"), "-o FILE.html"),
        (("check", "--json"), "--format json"),
        (("draw", "x", "--output", "x.svg"), "; -o FILE|DIR names what is written"),
        (("validate", "--output", "x"), "is not one of concise, full\n"),
    ],
)
def test_an_option_that_there_is_not_leads_to_the_one_that_is(
    run: Runner, arguments: tuple[str, ...], hint: str
) -> None:
    """Its name is what `-o` or `--format` takes."""
    done = run(*arguments)

    assert (done.returncode, hint in done.stderr) == (2, True), done.stderr


def test_show_reads_the_hcl(run: Runner) -> None:
    """The table and the JSON come from the rendered files."""
    run("render", BAND_UP)
    (module,) = json.loads(run("show", "out/band-up", "--format", "json").stdout)["modules"]

    names = [row["name"] for row in module["endpoints"]]
    assert names == ["ecr-endpoint", "ecr-api-endpoint", "cloudwatch-endpoint", "s3-endpoint"]
    assert "com.amazonaws.ap-southeast-1.ecr.dkr" in run("show", BAND_UP).stdout


def test_policies_are_listed_and_shown(run: Runner) -> None:
    """The list names each preset; one preset is a document for the Region and the accounts that were given."""
    listed = json.loads(run("policies", "--format", "json").stdout)["policies"]
    accounts = ("--account-id", "111122223333", "--account-id", "444455556666")
    (shown,) = json.loads(run("policies", "account-perimeter", *accounts, "--format", "json").stdout)["policies"]

    assert "ecr-layers" in [row["name"] for row in listed]
    assert shown["document"]["Statement"][0]["Condition"]["StringEquals"]["aws:PrincipalAccount"] == [
        "111122223333",
        "444455556666",
    ]
    assert "prod-eu-west-1-starport-layer-bucket" in run("policies", "ecr-layers", "--region", "eu-west-1").stdout


def test_a_dry_run_says_what_the_run_would_refuse(run: Runner) -> None:
    """What is in the way is told, with the code of the real run, and stops no dry run; check says to mend it first."""
    run("render", BAND_UP)
    (run.folder / "out" / "band-up" / "main.tf").write_text("# mine\n", encoding="utf-8")

    shown = run("render", BAND_UP, "--dry-run")

    assert (shown.returncode, run("render", BAND_UP).returncode) == (0, 1)
    assert "render would refuse, and exit 1: 1 file in the way" in shown.stderr
    assert run("render", BAND_UP, "--dry-run", "--force").returncode == 0
    assert "move away what render would not overwrite, then run: gen-endpoints render" in run("check", BAND_UP).stderr


def test_a_cache_that_cannot_be_made_costs_time_alone(run: Runner) -> None:
    """Where there is no folder to keep anything in, as for a user without a home, nothing is kept."""
    (run.folder / "cache").write_text("a file where the folder would be", encoding="utf-8")

    assert run("render", BAND_UP).returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_no_bug_of_ours(run: Runner) -> None:
    """What is printed and can't be written is the user's turn."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = (sys.executable, "-m", "generator", "schema")
        done = subprocess.run(command, cwd=run.folder, stdout=full, stderr=subprocess.PIPE, text=True, check=False)

    assert (done.returncode, done.stderr) == (1, "can't write the output: No space left on device\n")


@pytest.mark.parametrize("arguments", [("validate", BAND_UP), ("--version",), ("--help",), ("schema",)])
def test_a_closed_output_is_no_bug_of_ours(run: Runner, arguments: tuple[str, ...]) -> None:
    """Where there is nothing to print to, the command does its work and says nothing."""
    command = f'"{sys.executable}" -m generator "$@" >&-'
    done = subprocess.run(
        ("/bin/sh", "-c", command, "sh", *arguments), cwd=run.folder, stderr=subprocess.PIPE, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize(
    ("arguments", "code"), [(("check", BAND_UP), 4), (("validate", "nosuch.yaml"), 1), (("render", BAND_UP), 0)]
)
def test_a_reader_who_leaves_changes_no_exit_code(
    run: Runner, arguments: tuple[str, ...], code: int, stream: str
) -> None:
    """Behind `| head -1` a command does all that it was asked, and its exit code is that of the answer."""
    reads, writes = os.pipe()
    os.close(reads)
    other, command = subprocess.DEVNULL, (sys.executable, "-m", "generator", *arguments)
    out, err = (writes, other) if stream == "stdout" else (other, writes)
    done = subprocess.run(command, cwd=run.folder, check=False, stdout=out, stderr=err)
    os.close(writes)

    assert done.returncode == code
    assert (run.folder / "out" / "band-up" / "README.md").exists() == (arguments[0] == "render")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (("explain", "E104"), rb"\u2026"),
        (("explain", "--format", "json"), "\u2026".encode()),
        (("schema",), "\u2026".encode()),
        (("schema", "--project"), "\u2026".encode()),
        (("schema", "--rules", "rules.json"), "b\u00f6se".encode()),
        (("draw", str(ROOT / "out" / "ids")), "\u00b7".encode()),
    ],
)
def test_what_the_terminal_cannot_show_is_escaped(
    run: Runner, arguments: tuple[str, ...], wanted: bytes, encoding: str
) -> None:
    """An output of few characters gets all of the text, with escapes; a document is UTF-8 in every locale."""
    (run.folder / "rules.json").write_text('{"properties": {"name": {"description": "b\u00f6se"}}}', encoding="utf-8")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": encoding}
    command = (sys.executable, "-m", "generator", *arguments)
    done = subprocess.run(command, cwd=run.folder, env=environment, capture_output=True, check=False)

    assert (done.returncode, wanted in done.stdout) == (0, True)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"resource {"])
def test_show_reads_no_hcl_from_what_is_none(run: Runner, content: bytes) -> None:
    """Another's file that is no text, or no HCL, is named, and is the user's turn."""
    (run.folder / "a.tf").write_bytes(content)
    (run.folder / "b").mkdir()
    (run.folder / "b" / "c.tf").mkdir()

    assert "./a.tf:1:1: E033" in run("show", ".").stderr
    assert run("show", ".").stdout == ""
    assert (run("show", ".").returncode, run("show", "b").returncode) == (1, 1)


@pytest.mark.parametrize(
    ("name", "content", "code", "exits"),
    [
        ("own.tf", 'resource "x" "y" {{', "W324", (0, 0, 0)),
        ("own.tf", 'provider "aws" { region = "x" {{', "W324", (0, 0, 0)),
        ("own.tf", 'resource "x" "ssm" {{', "E324", (4, 1, 1)),
        ("own.tf", 'data "aws_vpc" "this" {{', "E324", (4, 1, 1)),
        ("override.tf", 'resource "x" "y" {{', "E324", (4, 1, 1)),
    ],
)
def test_a_file_that_is_no_hcl_has_one_answer(
    run: Runner, name: str, content: str, code: str, exits: tuple[int, int, int]
) -> None:
    """What names something of the module is refused by check, show and draw; of other files each warns and goes on."""
    spec = str(ROOT / "specs" / "any-region.yaml")
    run("render", spec, "--out", "out")
    folder = run.folder / "out" / "any-region"
    (folder / name).write_text(content, encoding="utf-8")
    checked, shown, drawn = run("check", spec, "--out", "out"), run("show", str(folder)), run("draw", str(folder))

    assert code in checked.stdout
    assert all((code if code == "W324" else "E033") in each.stderr for each in (shown, drawn))
    assert (checked.returncode, shown.returncode, drawn.returncode) == exits
    told = run("render", spec, "--out", "out")
    assert (told.returncode, "check refuses this: E324" in told.stderr) == (0, code == "E324")


def test_strict_takes_warnings_for_errors(run: Runner) -> None:
    """With --strict a warning stops the run, and nothing is written."""
    spec = str(ROOT / "specs" / "default-security-group.yaml")

    assert run("validate", spec).returncode == 0
    assert run("render", spec, "--strict").returncode == run("validate", spec, "--strict").returncode == 1
    assert not (run.folder / "out").exists()


def test_bundles_says_what_they_bring(run: Runner) -> None:
    """The list and one bundle, for people and for programs; what is not there gets the nearest name."""
    rows = json.loads(run("bundles", "--format", "json").stdout)["bundles"]
    (fargate,) = json.loads(run("bundles", "ecs-fargate", "--format", "json").stdout)["bundles"]
    unknown = run("bundles", "fargate")

    assert {"bundle": "ecs-fargate@1", "title": "Amazon ECS tasks on AWS Fargate", "endpoints": 4, "paid": 3} in rows
    assert [member["service"] for member in fargate["excluded"]] == ["ecs", "ecs-agent", "ecs-telemetry"]
    assert "tasks on Fargate don't require the endpoints of Amazon ECS" in run("bundles", "ecs-fargate@1").stdout
    assert unknown.stderr == "there is no bundle fargate\n    did you mean ecs-fargate@1 or batch-fargate@1?\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--version",), 0),
        (("--help",), 0),
        (("explain", "E101"), 0),
        (("explain",), 0),
        (("explain", "E000"), 2),
        (("schema",), 0),
        (("bundles",), 0),
        (("bundles", "ecs-fargate"), 0),
        (("bundles", "ecs-fargate@2"), 2),
        (("bundles", "no-such-bundle", "--format", "json"), 2),
        (("policies",), 0),
        (("policies", "--region", "cn-north-1"), 0),
        (("policies", "ecr-layers", "--region", "eu-west-1"), 0),
        (("policies", "ecr-layers"), 2),
        (("policies", "ecr-layer"), 2),
        (("policies", "ecr-layers", "--region", "eu-west-1", "--org-id", "o-a1b2c3d4e5"), 2),
        (("policies", "--org-id", "o-a1b2c3d4e5"), 2),
        (("policies", "org-perimeter", "--org-id", "o-abc123"), 2),
        (("policies", "account-perimeter", "--account-id", "123"), 2),
        (("policies", "account-perimeter", "--account-id", "111122223333", "--account-id", "x"), 2),
        (("policies", "account-perimeter", "--account-id", "011122223333"), 0),
        (("policies", "org-perimeter", "--service", "sqs"), 0),
        (("policies", "org-perimeter", "--service", "ssm", "--region", "eu-west-1"), 0),
        (("policies", "org-perimeter", "--service", "ssm"), 2),
        (("policies", "org-perimeter", "--service", "no-service"), 2),
        (("policies", "ecr-pull", "--service", "sqs"), 2),
        (("policies", "--service", "ssm"), 2),
        (("policies", "ssm-agent", "--region", "cn-north-1"), 1),
        (("validate", BAND_UP), 0),
        (("validate", "nowhere.yaml"), 1),
        (("show", "."), 1),
        (("rendr",), 2),
        (("render", "--bad"), 2),
    ],
)
def test_exit_codes_tell_whose_turn_it_is(run: Runner, arguments: tuple[str, ...], code: int) -> None:
    """0 fine, 1 the user's turn, 2 wrong usage."""
    done = run(*arguments)

    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr


@pytest.mark.parametrize("before", [(), ("check",), ("verify", BAND_UP, "--region"), ("diff", BAND_UP, "--format")])
@pytest.mark.parametrize("argument", ["a\u202e\x1b[31m", "--a\u202e\x9b", "x\n::error::y\n##[error]z"])
def test_arguments_steer_nothing(run: Runner, before: tuple[str, ...], argument: str) -> None:
    """What is wrong usage, or a file that is not there, is quoted without what steers a terminal or CI."""
    done = run(*before, argument)

    assert (done.returncode, done.stdout) in {(1, ""), (2, "")}
    assert done.stderr.replace("\n", "").isprintable()
    assert [line for line in done.stderr.splitlines() if line.startswith("::") or "##[" in line] == []


@pytest.mark.parametrize("option", ["--from", "--state", "--prices", "[SPEC]..."])
def test_a_variable_that_is_not_set_is_wrong_usage(run: Runner, option: str) -> None:
    """An empty path would be the folder in which the command runs."""
    (run.folder / "x.json").write_text("{}", encoding="utf-8")
    command = ("cost", BAND_UP) if option == "--prices" else ("drift", BAND_UP)
    found = run(*command, *([option] if option.startswith("--") else []), "")

    assert (found.returncode, found.stdout) == (2, "")
    assert f"{option}': it is empty; is a variable not set?" in found.stderr


def test_an_interrupt_ends_it_at_once(run: Runner) -> None:
    """Ctrl-C while the spec is read: 130, one word, and nothing written."""
    pipe, end = os.pipe()
    command = (sys.executable, "-m", "generator", "render", f"/dev/fd/{pipe}")
    with subprocess.Popen(command, cwd=run.folder, stderr=subprocess.PIPE, text=True, pass_fds=[pipe]) as done:
        time.sleep(2)
        done.send_signal(signal.SIGINT)
        _, said = done.communicate()
    os.close(end)

    assert (done.returncode, said) == (130, "interrupted\n")
