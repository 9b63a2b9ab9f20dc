"""What others' services read of this repository: the component of GitLab, the preset of Renovate, the workflows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib import resources
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import regex
import yaml

from tests import stories
from tests.cases import ROOT
from tests.workflows import Job, read

if TYPE_CHECKING:
    from pathlib import Path

HEADER, COMPONENT = yaml.safe_load_all((ROOT / "templates" / "gen-endpoints.yml").read_text("utf-8"))
RENOVATE: Any = json.loads((ROOT / "renovate" / "gen-endpoints.json").read_text("utf-8"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def published(name: str) -> jsonschema.Draft7Validator:
    """Return what validates by the schema that a service publishes, as the package check-jsonschema has it."""
    text = (resources.files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{name}.json").read_text("utf-8")
    return jsonschema.Draft7Validator(json.loads(text))


def included(**inputs: str) -> Any:
    """Return the component as GitLab reads it with inputs."""
    given = {name: each["default"] for name, each in HEADER["spec"]["inputs"].items()} | inputs
    return json.loads(
        re.sub(r"\$\[\[ inputs\.(\w+) \]\]", lambda found: json.dumps(given[found[1]])[1:-1], json.dumps(COMPONENT))
    )


def test_the_component_is_what_gitlab_takes() -> None:
    """Header and jobs, by GitLab's schema of CI, which refuses a key that is not one; all inputs are used."""
    gitlab, wrong = published("gitlab-ci"), included()
    wrong["gen-endpoints"]["scripts"] = []

    assert [error.message for each in (HEADER, included()) for error in gitlab.iter_errors(each)] == []
    assert not gitlab.is_valid(wrong)
    assert {*re.findall(r"\$\[\[ inputs\.(\w+) \]\]", json.dumps(COMPONENT))} == {*HEADER["spec"]["inputs"]}


class Merge:
    """A merge request in a clone, in which the job's script runs."""

    def __init__(self, folder: Path) -> None:
        """Make the clone."""
        self.folder, self.environment = stories.clone(folder), stories.environment(folder, {})

    def run(self, base: str, **inputs: str) -> tuple[int, str]:
        """Run the script, and return its exit code and what it printed."""
        job = included(specs="specs/band-u[p].yaml", **inputs)["gen-endpoints"]
        own = {**job["variables"], **({"CI_MERGE_REQUEST_DIFF_BASE_SHA": base} if base else {})}
        (script,) = job["script"]
        done = subprocess.run(
            ("/bin/bash", "-eo", "pipefail", "-c", script),
            cwd=self.folder,
            env={**self.environment, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def report(self) -> Any:
        """Return what GitLab would show in the merge request."""
        return json.loads((self.folder / "gl-code-quality-report.json").read_text("utf-8"))


def test_the_component_reports_and_compares(tmp_path: Path) -> None:
    """What is out of date is in the report, what is destroyed in the page, and it fails where that is asked for."""
    merge = Merge(tmp_path)

    assert (merge.run("")[0], merge.report()) == (0, [])

    spec = merge.folder / "specs" / "band-up.yaml"
    kept = [line for line in spec.read_text("utf-8").splitlines() if not line.startswith("  logs: ")]
    spec.write_text("\n".join((*kept, "")), encoding="utf-8")
    code, log = merge.run("HEAD")

    assert (code, "\n    render the spec again" in log) == (4, True)
    assert {each["location"]["path"] for each in merge.report()} == {"specs/band-up.yaml"}

    command = "gen-endpoints render --quiet --allow destroy:band-up/logs specs/band-up.yaml"
    subprocess.run(("/bin/sh", "-c", command), cwd=merge.folder, env=merge.environment, check=True)

    assert [merge.run("HEAD", fail_on=level)[0] for level in ("never", "destroy")] == [0, 4]
    assert "1 destroyed" in (merge.folder / "gen-endpoints-diff.md").read_text("utf-8")


PINNED = {
    "gen-endpoints.yaml": (
        [
            '# of the team\ngen_endpoints: "0.3" # one line that Renovate raises\nspecs: [specs/*.yaml]\n',
            "specs: [specs/*.yaml]\ngen_endpoints: '0.3'\n",
            'gen_endpoints: "0.3"',
        ],
        "0.3",
    ),
    "deploy/.gitlab-ci.yml": (
        ["inputs: {package: gen-endpoints==0.3.1}\n", 'inputs:\n  package: "gen-endpoints[aws]==0.3.1"\n'],
        "0.3.1",
    ),
    ".github/workflows/check.yml": (["      - run: pip install gen-endpoints==0.3.1 boto3\n"], "0.3.1"),
}


@pytest.mark.parametrize("path", PINNED)
def test_renovate_finds_what_is_pinned(path: str) -> None:
    """By the one manager whose pattern the file's path fits, and raises nothing else."""
    fits = [
        manager
        for manager in RENOVATE["customManagers"]
        if any(re.search(pattern.strip("/"), path) for pattern in manager["managerFilePatterns"])
    ]
    (pattern,) = (pattern for manager in fits for pattern in manager["matchStrings"])
    texts, version = PINNED[path]

    assert [regex.findall(pattern, text) for text in texts] == [[version]] * len(texts)
    assert regex.findall(pattern, "specs: [gen-endpoints/0.3]\nour_gen_endpoints: 0.3\nmygen-endpoints=0.3\n") == []


def test_renovate_raises_the_project_by_the_minor() -> None:
    """A release is its version without the patch there; and the preset is what Renovate takes."""
    extract = RENOVATE["customManagers"][0]["extractVersionTemplate"]

    assert [regex.findall(extract, each) for each in ("0.4.0", "1.12.3")] == [["0.4"], ["1.12"]]
    assert [error.message for error in published("renovate").iter_errors(RENOVATE)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_are_what_github_takes(path: Path) -> None:
    """By its schema; each action by the commit, and no expression inside of a script."""
    workflow: Any = yaml.safe_load(path.read_text("utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]

    workflow["on"] = workflow.pop(True)  # which YAML 1.1 takes for a truth
    assert [error.message for error in published("github-workflows").iter_errors(workflow)] == []
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"]) for step in steps if "uses" in step)
    assert not [step["run"] for step in steps if "${{" in step.get("run", "")]


def test_a_release_is_the_wheel_of_its_tag(tmp_path: Path) -> None:
    """With its checksum; a tag of another version, or of one that CHANGELOG does not have, is refused."""
    (build,) = (
        step for step in read(".github/workflows/release.yml")["jobs"]["draft"]["steps"] if step.get("name") == "Build"
    )
    shutil.copy(ROOT / "CHANGELOG.md", tmp_path)
    wheel = 'mkdir -p dist; echo built > dist/gen_endpoints-0.1.0-py3-none-any.whl; echo "$@"'
    environment = stories.environment(tmp_path, {"python3": wheel, "git": "echo 1795651200"})

    def run(tag: str) -> tuple[int, str]:
        job = Job(tmp_path, tmp_path / "temporary", environment, {"github.ref_name": tag})
        return job.run([build]), job.log

    assert run("v0.2.0")[1].endswith("set __version__ in generator/__init__.py\n")
    assert run("v0.1.0") == (
        1,
        "-m pip wheel --quiet --no-deps --wheel-dir dist .\n::error::CHANGELOG.md has no section 0.1.0\n",
    )
    (tmp_path / "CHANGELOG.md").write_text(
        "## [0.1.0] - 2026-12-01\n\n- A thing.\n\n## [0.0.9]\n\n- Old.\n", encoding="utf-8"
    )
    assert run("v0.1.0")[0] == 0
    assert (tmp_path / "notes.md").read_text("utf-8") == "\n- A thing.\n\n"
    assert (tmp_path / "dist" / "SHA256SUMS").read_text("utf-8").endswith("  gen_endpoints-0.1.0-py3-none-any.whl\n")


def test_the_docs_name_what_there_is() -> None:
    """Inputs and outputs of the action, inputs of the component, hooks: all of them, and no others."""
    text = (ROOT / "docs" / "ci.md").read_text("utf-8")
    action = read("action.yml")
    github, matrix, gitlab, hooks, _ = map(
        yaml.safe_load, re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    )
    listed = re.findall(r"^\| (`.*?) \|", text.partition("## GitLab")[0], re.MULTILINE)
    rows = {name for line in listed for name in re.findall(r"`([\w-]+)`", line)}

    assert rows == {*action["inputs"], *action["outputs"]}
    assert {*github["jobs"]["endpoints"]["steps"][1]["with"]} <= {*action["inputs"]}
    assert {*gitlab["include"][0]["inputs"]} <= {*HEADER["spec"]["inputs"]}
    assert {each["id"] for each in hooks["repos"][0]["hooks"]} <= {
        each["id"] for each in read(".pre-commit-hooks.yaml")
    }
    assert published("gitlab-ci").is_valid(gitlab)
    for each in (github, matrix):
        each["on"] = each.pop(True)
        assert [error.message for error in published("github-workflows").iter_errors(each)] == []


def test_the_docs_have_a_job_for_each_target_that_changes(tmp_path: Path) -> None:
    """The workflow of docs/ci.md gives GitHub one line of JSON, of which a removed target is one that no step plans."""
    text = (ROOT / "docs" / "ci.md").read_text("utf-8")
    _, workflow, *_ = map(yaml.safe_load, re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    folder, environment = stories.clone(tmp_path), stories.environment(tmp_path, {})
    fleet = "values: {t: text}\nvpc: {name: v}\nroute_tables: [{main: true}]\n"
    fleet += "endpoints: {s3: {service: s3, type: Gateway}}\n"
    (folder / "gen-endpoints.yaml").write_text('gen_endpoints: "0.1"\nspecs: [f.yaml]\nout: fleet\n', encoding="utf-8")

    def run(command: str) -> None:
        subprocess.run(("/bin/bash", "-ec", command), cwd=folder, env=environment, check=True, capture_output=True)

    def matrix() -> list[dict[str, Any]]:
        job = Job(folder, tmp_path / "temporary", environment, {"github.base_ref": "base"})
        assert job.run([workflow["jobs"]["targets"]["steps"][-1]]) == 0, job.log
        found: list[dict[str, Any]] = json.loads(job.outputs["steps.changed.outputs.matrix"])["include"]
        return found

    (folder / "f.yaml").write_text(f"{fleet}targets: {{a: {{t: x}}, b: {{t: x}}, c: {{t: x}}, d: {{t: x}}}}\n", "utf-8")
    run("gen-endpoints render && git add -A && git commit -qm 1 && git update-ref refs/remotes/origin/base HEAD")
    assert matrix() == []
    rows = "{a: {t: x}, b: {t: x, retired: true}, e: {t: x, was: d}}"
    (folder / "f.yaml").write_text(f"{fleet}targets: {rows}\n", "utf-8")
    run("gen-endpoints render --allow 'destroy:*/*' || true; rm -r fleet/c")
    found = {each["target"]: (each["action"], each["retired"], each["old_folder"]) for each in matrix()}
    assert found == {"b": ("changed", True, ""), "c": ("removed", False, ""), "e": ("changed", False, "fleet/d")}
    assert workflow["jobs"]["plan"]["steps"][-1]["if"] == "matrix.action != 'removed'"
