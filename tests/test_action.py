"""The action of `action.yml`: its steps, run in a clone of a pull request; GitHub is a file of comments."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests import stories
from tests.cases import ROOT
from tests.workflows import Job, read

if TYPE_CHECKING:
    from pathlib import Path

ACTION = read("action.yml")
STEPS = ACTION["runs"]["steps"]
GH = """
import json, os, sys
import jq
words, path = sys.argv[2:], next(each for each in sys.argv[2:] if each.startswith("repos/"))
given = {words[index]: words[index + 1] for index, each in enumerate(words[:-1]) if each.startswith("--")}
if "MAY_NOT" in os.environ:
    sys.exit("gh: Resource not accessible by integration (HTTP 403)")
with open(os.environ["COMMENTS"], encoding="utf-8") as file:
    comments = json.load(file)
if "--jq" in given:
    assert path == "repos/team/network/issues/7/comments", path
    print(*jq.compile(given["--jq"]).input(comments).all(), sep="\\n")
    sys.exit()
with open(given["--field"].removeprefix("body=@"), encoding="utf-8") as file:
    body = file.read()
if given["--method"] == "POST":
    assert path == "repos/team/network/issues/7/comments", path
    comments.append({"id": 900 + len(comments), "user": {"type": "Bot"}, "body": body})
else:
    (comment,) = (each for each in comments if f"repos/team/network/issues/comments/{each['id']}" == path)
    comment["body"] = body
with open(os.environ["COMMENTS"], "w", encoding="utf-8") as file:
    json.dump(comments, file)
"""
MARK = "<!-- gen-endpoints gen-endpoints.yaml -->\n"
BY_A_PERSON: dict[str, Any] = {"id": 1, "user": {"type": "User"}, "body": f"{MARK}I quote the comment."}


class Pull:
    """A pull request: a branch of a repository, checked out as `actions/checkout` does, and its comments."""

    def __init__(self, folder: Path) -> None:
        """Make the repository, with a module that is right."""
        (folder / "gh.py").write_text(GH, encoding="utf-8")
        self.environment = stories.environment(folder, {"gh": f'exec {sys.executable} {folder / "gh.py"} "$@"'})
        self.environment |= {"COMMENTS": str(folder / "comments.json"), "GITHUB_REPOSITORY": "team/network"}
        self.folder, self.times = folder, 0
        self.comments: list[Any] = [BY_A_PERSON]
        self.origin = folder / "origin"
        shutil.copytree(ROOT / "out" / "band-up", self.origin / "out" / "band-up")
        (self.origin / "specs").mkdir()
        shutil.copy(ROOT / "specs" / "band-up.yaml", self.origin / "specs")
        (self.origin / "gen-endpoints.yaml").write_text('gen_endpoints: "0.1"\nspecs: [specs/*.yaml]\n', "utf-8")
        self.shell("git init -q -b main && git add . && git commit -qm base")

    def shell(self, command: str) -> None:
        """Run a command in the repository."""
        who = {f"GIT_{role}_{fact}": "t@example.com" for role in ("AUTHOR", "COMMITTER") for fact in ("NAME", "EMAIL")}
        subprocess.run(("/bin/sh", "-ec", command), cwd=self.origin, env={**self.environment, **who}, check=True)

    def run(
        self, edit: str, *, base: str = "main", inputs: dict[str, str] | None = None, **more: str
    ) -> tuple[int, Job]:
        """Run the action on a branch with an edit, and return its exit code and what came of it."""
        self.times += 1
        checkout, branch = self.folder / f"checkout-{self.times}", f"edit-{self.times}"
        self.shell(
            f"git switch -qc {branch} main; {edit}; git add .; git commit -qm edit --allow-empty; git switch -q main"
        )
        self.shell(f"git clone -q --depth=1 --branch {branch} file://{self.origin} {checkout}")
        given = {name: each["default"] for name, each in ACTION["inputs"].items()} | (inputs or {})
        values = {f"inputs.{name}": value for name, value in given.items()}
        values |= {"github.event.pull_request.number": "7"} if base else {}
        environment = {**self.environment, "GITHUB_BASE_REF": base, **more}
        kept = self.folder / "comments.json"
        kept.write_text(json.dumps(self.comments), "utf-8")
        job = Job(checkout, self.folder / f"temporary-{self.times}", environment, values)
        code = job.run(STEPS[1:])
        self.comments = json.loads(kept.read_text("utf-8"))
        return code, job


@pytest.fixture
def pull(tmp_path: Path) -> Pull:
    """Return a repository that gets pull requests."""
    return Pull(tmp_path)


DESTROYS = "sed -i '/^  logs:/d' specs/band-up.yaml; gen-endpoints render --quiet --allow destroy:band-up/logs"


def test_one_comment_says_what_a_pull_request_does(pull: Pull) -> None:
    """It is written once and then changed, down to where nothing changes any more; what a person wrote stays."""
    code, job = pull.run(DESTROYS)
    (quoted, comment) = pull.comments

    assert (code, quoted, comment["user"]["type"]) == (0, BY_A_PERSON, "Bot")
    assert comment["body"].startswith(f"{MARK}<!-- gen-endpoints diff -->\n\n**1 module of 1 changes: 1 destroyed")
    assert job.summary == f"`gen-endpoints check` ended with 0.\n{comment['body'].removeprefix(MARK)}"
    assert {name: job.filled(each["value"]) for name, each in ACTION["outputs"].items() if name != "page"} == {
        "check": "0",
        "change": "destroy",
    }

    code, _ = pull.run("true", inputs={"fail-on": "any"})

    assert (code, len(pull.comments), pull.comments[1]["id"]) == (0, 2, comment["id"])
    assert "**0 modules of 1 change" in pull.comments[1]["body"]


def test_what_is_destroyed_fails_where_that_is_asked_for(pull: Pull) -> None:
    """With the change as an annotation; a pull request from a fork may not comment, and is judged all the same."""
    code, job = pull.run(DESTROYS, inputs={"fail-on": "replace"}, MAY_NOT="1")

    assert (code, pull.comments) == (4, [BY_A_PERSON])
    assert job.log.splitlines()[-2:] == [
        "::warning::gen-endpoints may not comment here: give the job pull-requests write; a fork has it not",
        "::error::gen-endpoints: the worst change is destroy, and fail-on is replace",
    ]


def test_a_module_that_is_out_of_date_fails(pull: Pull) -> None:
    """With an annotation, and without a comment where there is no pull request."""
    edit = "sed -i 's/name: ecr-endpoint/name: ecr/' specs/band-up.yaml"
    code, job = pull.run(edit, base="", inputs={"specs": "specs/*.yaml\n", "project": "gen-endpoints.yaml"})

    assert (code, pull.comments) == (4, [BY_A_PERSON])
    told = "::error file=specs/band-up.yaml,line=3,col=7,title=E311::out/band-up/README.md is out of date, and 2 more"
    assert f"{told}%0Arender the spec again" in job.log.splitlines()
    assert "\n    render the spec again" in job.log
    assert job.outputs["steps.compare.outputs.change"] == "not-compared"


def test_what_can_not_be_compared_fails(pull: Pull) -> None:
    """Whatever is to fail it; and so does an input that is not one of those that there are."""
    code, job = pull.run("true", inputs={"against": "no-such-branch"})
    other = Job(pull.folder, pull.folder / "temporary", pull.environment, {"inputs.fail-on": "destroyed"})

    assert (code, "can't be compared" in job.log, " E515 " in job.log) == (1, True, True)
    assert other.run(STEPS[-1:]) == 2
    assert other.log == "::error::gen-endpoints: fail-on takes never, destroy, replace or any; found destroyed\n"


def test_the_tool_is_installed_as_the_action_has_it(tmp_path: Path) -> None:
    """In an environment of its own, on the path of the steps that follow, by a pip that tells what it is to do.

    That pip does it is what test_pre_commit shows.
    """
    told = 'mkdir -p "$3/bin"; echo \'echo "$@"\' > "$3/bin/pip"; chmod +x "$3/bin/pip"'
    environment = stories.environment(tmp_path, {"python3": told})
    job = Job(tmp_path, tmp_path / "temporary", environment, {"github.action_path": str(ROOT)})

    assert job.run(STEPS[:1]) == 0
    assert job.log == f"install --quiet --constraint {ROOT}/constraints.txt {ROOT}\n"
    assert (tmp_path / "temporary" / "GITHUB_PATH").read_text("utf-8") == f"{tmp_path}/temporary/gen-endpoints/bin\n"


def test_an_action_takes_no_text_into_its_scripts() -> None:
    """All that others may write comes by the environment; the file is as GitHub wants it."""
    vendor = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    jsonschema.validate(ACTION, json.loads((vendor / "github-actions.json").read_text("utf-8")))

    assert [step["name"] for step in STEPS if "${{" in step["run"]] == []
