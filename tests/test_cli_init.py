"""`gen-endpoints init`, with options and, in a terminal, with answers."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests import forked
from tests.cases import ROOT
from tests.served import as_bytes, bodies, serving

if TYPE_CHECKING:
    from pathlib import Path

pty = pytest.importorskip("pty", reason="a system without pseudo-terminals")

OPTIONS = ("--region", "eu-west-1", "--vpc", "app", "--subnet", "a", "--subnet", "b", "--bundle", "ecs-fargate")
COMMAND = [sys.executable, "-m", "generator", "init"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "AWS_REGION": "eu-north-1", "COLUMNS": "100"}


def _init(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return forked.run("init", *arguments, folder=folder, environment=ENVIRONMENT)


def talk(folder: Path, answers: str, *arguments: str, interrupt_at: str = "") -> tuple[int, str]:
    """Run `init` in a terminal, and return its exit code and what the user sees; interrupt it where that is asked."""
    ours, theirs = os.openpty()
    command = [*COMMAND, *arguments]
    seen = ""
    with subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        os.write(ours, answers.encode())
        while part := _read(ours):
            seen += part
            if interrupt_at and interrupt_at in seen:
                _interrupt(process)
                interrupt_at = ""
        try:
            process.wait(5)  # its terminal closes before its exit code is known
        except subprocess.TimeoutExpired:
            process.kill()  # it waits for more answers
    os.close(ours)
    return process.returncode, seen.replace("\r\n", "\n")


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Press Ctrl-C, again where it came between the prompt and the reading: Python heeds that one after the next."""
    for _ in range(5):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
            return


def _read(terminal: int) -> str:
    """Return what came, or nothing at the end, or when nothing has come for long."""
    ready, _, _ = select.select([terminal], [], [], 20)
    try:
        return os.read(terminal, 4096).decode() if ready else ""
    except OSError:  # Linux's way to say that the other side is closed
        return ""


def test_options_alone_make_a_spec_that_renders(tmp_path: Path) -> None:
    """Nothing is asked, and the file is right at once; with a folder for specs it stands there."""
    (tmp_path / "specs").mkdir()
    done = _init(tmp_path, "app", *OPTIONS)
    check = [sys.executable, "-m", "generator", "validate", "specs/app.yaml"]
    validated = subprocess.run(check, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (
        0,
        "created specs/app.yaml\nnext: gen-endpoints render specs/app.yaml\n",
    )
    assert validated.stdout == "specs/app.yaml: fine, 4 endpoints\n"


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    """What stands there stays, even a link that leads nowhere; another file can be named."""
    (tmp_path / "app.yaml").write_text("mine\n", encoding="utf-8")
    (tmp_path / "link.yaml").symlink_to("nowhere")
    refused, dangling = _init(tmp_path, "app", *OPTIONS), _init(tmp_path, "link", *OPTIONS)
    elsewhere = _init(tmp_path, "app", *OPTIONS, "--out", "other.yaml")

    assert (refused.returncode, refused.stderr.splitlines()[0]) == (1, "app.yaml: E285 is there already")
    assert (dangling.returncode, (tmp_path / "nowhere").exists()) == (1, False)
    assert (tmp_path / "app.yaml").read_text(encoding="utf-8") == "mine\n"
    assert (elsewhere.returncode, (tmp_path / "other.yaml").is_file()) == (0, True)


def test_a_folder_is_made_where_out_names_one(tmp_path: Path) -> None:
    """As `render` does; and what is asked for once may have commas, as the answers have."""
    options = ("--region", "eu-west-1", "--vpc", "app", "--subnet", "subnet-1a, b", "--bundle", "ecs-fargate,glue")
    done = _init(tmp_path, "app", *options, "--out", "no/such/app.yaml")
    written = (tmp_path / "no" / "such" / "app.yaml").read_text(encoding="utf-8")

    assert (done.returncode, done.stderr) == (0, "")
    assert "  - {name: subnet-1a}\n  - {name: b}\n" in written
    assert "  - ecs-fargate@1\n  - glue@1\n" in written
    assert "specs/NAME.yaml if the folder specs exists, else NAME.yaml" in " ".join(
        _init(tmp_path, "--help").stdout.split()
    )


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 2, "init needs NAME, --region, --vpc, --subnet, --bundle; in a terminal it asks"),
        (("app", "--vpc", "app"), 2, "init needs --region, --subnet, --bundle;"),
        (("1x", *OPTIONS), 1, "NAME: E286 '1x' is not a module name"),
        (("../x", *OPTIONS), 1, "NAME: E286 '../x' is not a module name"),
        (("app", *OPTIONS, "--subnet", "a"), 1, "--subnet: E286 a is given twice"),
        (("app", *OPTIONS, "--vpc", "vpc-123"), 1, "an id is vpc- and 8 or 17 hex digits"),
        (("app", *OPTIONS, "--subnet", "c,vpc-0a1b2c3d"), 1, "--subnet: E286 vpc-0a1b2c3d is the id of something else"),
        (("app", *OPTIONS, "--security-group", "sg-0a1b2"), 1, "--security-group: E286 sg-0a1b2 looks like an id"),
        (("app", *OPTIONS, "--vpc", "a\ab"), 1, "--vpc: E286 the text contains U+0007"),
        (("app", *OPTIONS, "--security-group", " "), 1, "--security-group: E286 empty"),
        (("app", *OPTIONS, "--region", "eu-west-9"), 1, "--region: E287 eu-west-9 is not a Region in the catalog"),
        (("app", *OPTIONS, "--bundle", "glu"), 1, "--bundle/--service: E261 there is no bundle glu, and no service"),
        (
            ("app", *OPTIONS, "--service", "cloudwatch"),
            1,
            "no bundle cloudwatch, and no service\n    did you mean",
        ),
        (("app", *OPTIONS, "--out", "app.json"), 2, "for --out: a first spec"),
        (("app", *OPTIONS, "--service", "docker"), 1, "and no service\n    did you mean ecr.dkr or"),
        (("app", *OPTIONS, "--service", "ec2-instance-connect"), 1, "no service\n    gen-endpoints does not make this"),
        (("yes", *OPTIONS), 1, "NAME: E286 yes names nothing"),
        (("app", *OPTIONS, "--security-group", "yes"), 1, "--security-group: E286 yes names nothing"),
        (("app", *OPTIONS, "--bundle", "ecs-fargate@1"), 1, "--bundle/--service: E286 ecs-fargate@1 is given twice"),
        (("app", *OPTIONS, "--out", "/dev/null/x.yaml"), 1, "/dev/null/x.yaml: E306 the system says: Not a directory"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    """Wrong usage is 2, wrong answers are 1, and the folder stays empty."""
    done = _init(tmp_path, *arguments)

    assert (done.returncode, told in done.stderr, "Traceback" in done.stderr) == (code, True, False), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_neither_the_environment_nor_an_answer_steers_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default that is shown, and what is said of an answer, are without what does."""
    monkeypatch.setitem(ENVIRONMENT, "AWS_REGION", "x\x1b[31m\u202e")
    code, seen = talk(tmp_path, "app\nx\u202ey\neu-west-1\nv\na\n\n\n")

    assert (code, "Region, as eu-west-1 [x\ufffd[31m\ufffd]:" in seen, "x\ufffdy is not a Region" in seen) == (
        0,
        True,
        True,
    ), seen
    assert "\x1b[31m" not in seen
    assert seen.count("\u202e") == 1  # what the terminal itself shows of the answer


def test_a_terminal_is_asked_for_all_that_is_missing(tmp_path: Path) -> None:
    """An empty answer takes the default that is shown: the environment's Region, ecs-fargate, a new group."""
    code, seen = talk(tmp_path, "app\n\nvpc-0a1b2c3d4e5f60718\na, b\n\n\n")
    written = (tmp_path / "app.yaml").read_text(encoding="utf-8")

    assert code == 0, seen
    assert "Region, as eu-west-1 [eu-north-1]:" in seen
    assert "Bundles or services, by comma or blank, as ecs-fargate, sqs [ecs-fargate]:" in seen
    assert "created app.yaml" in seen
    assert "eks-private@1" in seen
    for line in ("region: eu-north-1", "vpc: {id: vpc-0a1b2c3d4e5f60718}", "  - {name: b}", "  - ecs-fargate@1"):
        assert line in written


def test_lists_are_by_blank_too_and_services_stand_alone(tmp_path: Path) -> None:
    """No bundle needs to be chosen; a service of two types gets the one that costs nothing."""
    code, seen = talk(tmp_path, "yes\napp\n\napp\na b\nsqs ecr.api s3\nyes\ndefault\n")
    written = (tmp_path / "app.yaml").read_text(encoding="utf-8")
    options = (
        "app",
        "--region",
        "eu-west-1",
        "--vpc",
        "v",
        "--subnet",
        "a,b",
        "--subnet",
        "c d",
        "--service",
        "sqs,logs",
    )
    done = _init(tmp_path, *options, "--out", "options.yaml")

    assert (code, seen.count("yes names nothing")) == (0, 2), seen
    assert "2 subnets: a, b\n" in seen
    assert "bundles:" not in written
    for line in ("  - {name: a}\n  - {name: b}", "  ecr_api: {service: ecr.api,", "  s3: {service: s3, type: Gateway,"):
        assert line in written
    assert "  - default: true" in written
    assert (done.returncode, done.stderr) == (0, "")
    assert '  - {name: a}\n  - {name: b}\n  - {name: "c d"}' in (tmp_path / "options.yaml").read_text(encoding="utf-8")


def test_aws_is_asked_for_nothing_that_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who gives the subnets needs no permission to describe route tables, by which the private ones are told."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setitem(ENVIRONMENT, name, "test")
    recorded = json.loads((ROOT / "tests" / "drift" / "estate.json").read_text(encoding="utf-8"))
    sent = bodies([recorded])
    told = {action: as_bytes(sent[action]) for action in ("Action=DescribeVpcs&", "Action=DescribeSubnets&")}

    def answer(text: str) -> tuple[int, bytes]:
        return next(((200, body) for action, body in told.items() if action in text), (403, b"<Response/>"))

    with serving(answer) as url:
        options = (
            "--region",
            "eu-west-1",
            "--from-aws",
            "--endpoint-url",
            url,
            "--vpc",
            "app",
            "--subnet",
            "private-a",
        )
        code, seen = talk(tmp_path, "ecs-fargate\n\n", "app", *options)

    assert code == 0, seen
    assert "created app.yaml" in seen


def test_a_region_without_vpcs_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is asked, with the ways out."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setitem(ENVIRONMENT, name, "test")
    none = as_bytes(bodies([{"Vpcs": []}])["Action=DescribeVpcs&"])
    with serving(lambda _: (200, none)) as url:
        code, seen = talk(tmp_path, "", "app", "--region", "eu-west-1", "--from-aws", "--endpoint-url", url)

    assert code == 1
    assert "eu-west-1 has no VPC in the account that asks" in seen
    assert "(--profile), or leave --from-aws out for a VPC that is yet to come" in " ".join(seen.split())


def test_a_wrong_answer_is_asked_for_again(tmp_path: Path) -> None:
    """The question comes again with what is wrong and the nearest that is right; options are not asked for."""
    answers = "1x\napp\neu-wset-1\neu-west-1\nvpc-123\napp\n,\na, a\na\nglu\nglue, bedrock\nsg-0a1b2c3d4e5f60718\n"
    code, seen = talk(tmp_path, answers)
    written = (tmp_path / "app.yaml").read_text(encoding="utf-8")

    assert (code, seen.count("VPC, by its Name tag")) == (0, 2), seen
    assert "'1x' is not a module name; use up to 63 letters" in seen
    assert "a is given twice" in seen
    assert "eu-wset-1 is not a Region in the catalog; did you mean eu-west-1" in seen
    assert "there is no bundle glu, and no service; did you mean glue@1 or glue" in seen
    for line in ("region: eu-west-1", "  - glue@1\n  - bedrock@1", "  - {id: sg-0a1b2c3d4e5f60718}"):
        assert line in written


def test_a_file_in_the_way_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    """Nobody answers six questions for nothing."""
    (tmp_path / "app.yaml").write_text("mine\n", encoding="utf-8")
    code, seen = talk(tmp_path, "", "app")

    assert (code, "E285" in seen, "Region" in seen) == (1, True, False)


def test_ctrl_c_and_the_end_of_the_input_write_nothing(tmp_path: Path) -> None:
    """Both end the command with 130, as everywhere."""
    for code, seen in (talk(tmp_path, "app\n", interrupt_at="Region"), talk(tmp_path, "app\n\x04")):
        assert (code, "interrupted" in seen, "bug" in seen) == (130, True, False), seen
    assert list(tmp_path.iterdir()) == []
