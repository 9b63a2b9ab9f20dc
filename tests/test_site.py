"""The site of docs/: what its build refuses, and that its pages take nothing from elsewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.browser import browser
from tests.cases import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

needs_mkdocs = pytest.mark.skipif(not find_spec("mkdocs"), reason="the site needs MkDocs: make site installs it")

TAGS = "link|script|img|iframe|source|object|embed"
ELSEWHERE = rf"(?i)<(?:{TAGS})\b[^>]*\b(?:src|srcset|href|data)=[\"']?\s*(?:\w+:)?//[^>]*"
STYLE = r"(?i)(?:@import\s*[\"']|url\(\s*[\"']?)\s*(?:\w+:)?//[^)]*"
"""What has a browser load something that is not in the site: from a tag, and from a style."""


CODE = re.compile(r"`[^`\n]+`|(?<=\]\()[^)\s]+")
"""What prose names: code, and the targets of links."""

TOO_WIDE = """() => document.documentElement.scrollWidth > innerWidth
  || getComputedStyle(document.querySelector("code") ?? document.body).overflowWrap === "anywhere\""""


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


WRONG: dict[str, tuple[Callable[[Path], None], str]] = {
    "broken-link": (lambda site: _append(site / "docs/index.md", "\n[a](nothing.md)\n"), "nothing.md"),
    "broken-anchor": (lambda site: _append(site / "docs/index.md", "\n[a](state.md#nothing)\n"), "nothing"),
    "orphan-page": (lambda site: (site / "docs/orphan.md").touch(), "orphan.md"),
    "unknown-setting": (lambda site: _append(site / "mkdocs.yml", "stite_url: x\n"), "stite_url"),
}


def _build(site: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-f", site / "mkdocs.yml", "-d", target],
        capture_output=True,
        text=True,
        check=False,
    )


@needs_mkdocs
@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_fails_the_build(tmp_path: Path, case: str) -> None:
    """And a warning names it, at which strict mode ends."""
    damage, named = WRONG[case]
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    damage(tmp_path)
    built = _build(tmp_path, tmp_path / "site")

    assert built.returncode == 1, built.stderr
    assert re.search(rf"^WARNING .*(?:\n  - )?.*{re.escape(named)}", built.stderr, re.MULTILINE)
    assert "Aborted" in built.stdout + built.stderr


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the site, built as it is."""
    folder = tmp_path_factory.mktemp("site")
    built = _build(ROOT, folder)
    assert built.returncode == 0, built.stderr
    return folder


@needs_mkdocs
def test_the_site_takes_nothing_from_elsewhere(site: Path) -> None:
    """No script, style, font or picture is of another server."""
    pages = {path: path.read_text("utf-8") for path in site.rglob("*") if path.suffix in {".html", ".css", ".svg"}}
    found = {
        str(path.relative_to(site)): re.findall(ELSEWHERE, text) + re.findall(STYLE, text)
        for path, text in pages.items()
    }

    assert len(pages) > 20
    assert {name: taken for name, taken in found.items() if taken} == {}


@needs_mkdocs
def test_no_page_is_wider_than_a_phone(site: Path) -> None:
    """Tables and blocks scroll by themselves, and code breaks between words."""
    pages = sorted(site.rglob("*.html"))
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 360, "height": 800})
        wide = [each.name for each in pages if page.goto(each.as_uri()) and page.evaluate(TOO_WIDE)]

    assert wide == []


def test_what_is_taken_from_elsewhere_is_seen() -> None:
    """The two patterns find what rich, MkDocs and Zensical write where nobody forbids it."""
    font = '@font-face { src: url("https://cdnjs.cloudflare.com/ajax/libs/firacode/x.woff2") }'
    taken = ['<link rel="stylesheet" href="https://fonts.googleapis.com/css">', "<script async src=//cdn.example/x.js>"]

    assert re.findall(STYLE, font)
    assert [text for text in taken if not re.findall(ELSEWHERE, text)] == []


@pytest.mark.parametrize("page", ["README", "docs/tutorial/band-up"])
def test_both_languages_have_the_same_steps(page: str) -> None:
    """Each command, file, output and picture of the English page is in the Vietnamese one, in the same order."""
    blocks = re.compile(
        r"^ *```(?:console|yaml|hcl)\n.*?^ *```$|^## \d|(?<=\]\()\S+\.svg(?=\))", re.MULTILINE | re.DOTALL
    )
    english, vietnamese = (blocks.findall((ROOT / f"{page}{end}").read_text("utf-8")) for end in (".md", ".vi.md"))

    assert len(english) > 3
    assert vietnamese == english


def test_both_languages_have_the_same_table_of_commands() -> None:
    """Each command and exit code has a row in both READMEs, with the same options."""
    row = re.compile(r"^\| (`gen-endpoints .*?|\d+) \| (.*) \|$", re.MULTILINE)
    english, vietnamese = (
        {first: set(CODE.findall(rest)) for first, rest in row.findall((ROOT / page).read_text("utf-8"))}
        for page in ("README.md", "README.vi.md")
    )

    assert len(english) > 20
    assert vietnamese == english


def test_no_step_in_vietnamese_leaves_out_what_the_english_one_names() -> None:
    """Each option, file, command and link of the English prose is in the Vietnamese step, which may have more."""
    english, vietnamese = (
        [set(CODE.findall(step)) for step in _steps((ROOT / f"docs/tutorial/band-up{end}").read_text("utf-8"))]
        for end in (".md", ".vi.md")
    )

    assert len(english) == len(vietnamese) == 10
    assert [left for left in map(set.difference, english, vietnamese) if left] == []


def _steps(page: str) -> list[str]:
    """Return the prose of a page by its headings, without its title and its blocks."""
    _, text = page.split("\n", 1)
    return re.split(r"^## ", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), flags=re.MULTILINE)


def test_each_step_of_the_tutorial_has_output_and_a_picture() -> None:
    """What a picture shows is made by the tool: scripts/write_docs.py."""
    _, *steps = re.split(r"^## \d", (ROOT / "docs/tutorial/band-up.md").read_text("utf-8"), flags=re.MULTILINE)

    assert len(steps) == 8
    assert [step.splitlines()[0] for step in steps if "```console" not in step or ".svg)" not in step] == []
