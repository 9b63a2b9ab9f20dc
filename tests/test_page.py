"""The page in a real browser: it asks for nothing from elsewhere, and no text of a spec is more than text there."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from generator.cli import serving
from generator.cli.batch import Batch
from generator.cli.commands.page import page_of, rebuilt
from generator.cli.scope import scoped
from generator.cli.views.endpoints import rows
from generator.hcl import parser
from generator.hcl.memory import Cache
from tests.browser import browser
from tests.cases import ROOT, SPECS, generated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

EVIL = "</script><script>window.evil=1</script><!--<img src=x onerror=evil=2>\\u2028"
HEAD = """\
region: eu-west-1
vpc: {{name: {0}}}
subnets: [{{name: {0}-a}}, {{name: {0}-b}}]
route_tables: [{{name: {0}}}]
"""
BODY = "security_groups: [{create: {name: ends, ingress: [{vpc: true}]}}]\n"
SPEC_TEXTS = {
    "shop": "name: shop\n"
    + HEAD.format("shop")
    + BODY
    + "endpoints:\n  kms: {service: kms}\n  sqs: {service: sqs, policy: full-access}\n"
    + "  s3: {service: s3, type: Gateway}\n",
    "pay": "name: pay\n"
    + HEAD.format("pay")
    + BODY
    + "endpoints:\n  kms: {service: kms}\n  s3: {service: s3, type: Gateway}\n",
    "group": "name: group\n"
    + HEAD.format("group")
    + "security_groups: [{default: true}]\nendpoints:\n  logs: {service: logs}\n",
    "open": "name: open\nvpc: {variable: vpc_id}\nsubnets: [{variable: subnet_ids}]\n"
    + BODY
    + "endpoints: {kms: {service: kms}}\n",
    "evil": "name: evil\n" + HEAD.format("evil") + BODY + f'endpoints:\n  sns:\n    service: sns\n    name: "{EVIL}"\n',
    "wrong": "name: wrong\n" + HEAD.format("wrong") + BODY + f'endpoints:\n  kms: {{service: "kmss{EVIL}"}}\n',
}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "generator", "page", "--no-cache", *arguments],
        cwd=folder,
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a command in a folder: it finds the package, and no home."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / ".cache"), "COLUMNS": "100"}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Yield a browser."""
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a page of some specs, one of them wrong."""
    folder = tmp_path_factory.mktemp("site")
    for name, text in SPEC_TEXTS.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    done = run(folder, ".", "--source-url", "https://git.example/repo")
    assert (done.returncode, "wrong.yaml" in done.stderr) == (1, True), done.stdout + done.stderr
    assert done.stdout == "wrote site/index.html\n"
    return folder / "site" / "index.html"


@contextmanager
def opened(chromium: Browser, url: str, **options: Any) -> Iterator[Page]:
    """Open the page; whatever the browser complains of, or asks for, fails the test."""
    context = chromium.new_context(**options)
    page, told = context.new_page(), list[str]()
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url))
    page.goto(url)
    yield page
    assert page.evaluate("window.evil") is None
    assert {each.split("#", 1)[0] for each in told} <= {url.split("#", 1)[0]}
    context.close()


@pytest.fixture
def page(chromium: Browser, site: Path) -> Iterator[Page]:
    """Open the page from its file."""
    with opened(chromium, site.as_uri()) as found:
        yield found


def shown(page: Page, column: str = "endpoint") -> list[str]:
    """Return the texts of a column of the table in sight."""
    return page.locator(f"main section:not([hidden]) tbody .c-{column}").all_inner_texts()


def test_all_endpoints_and_what_they_come_to(page: Page) -> None:
    """A row each, those of a spec that is refused are not known, and neither is what no spec says."""
    assert shown(page, "module") == ["evil", "group", "open", "pay", "pay", "shop", "shop", "shop"]
    tiles = dict(
        zip(page.locator(".tile dt").all_inner_texts(), page.locator(".tile dd").all_inner_texts(), strict=True)
    )
    assert (tiles["endpoints"], tiles["VPCs at most"], tiles["warning"]) == ("8", "5", "1")
    assert "1 endpoint not known" in " ".join(tiles)
    expect(page.locator(".note.error")).to_contain_text("1 spec is refused")
    row = page.locator("tbody tr", has_text="not known: var.vpc_id")
    assert row.locator(".unknown").all_inner_texts() == ["not known", "not known: var.vpc_id", "not known"]


def test_search_sort_and_filter(page: Page) -> None:
    """Each narrows or orders the rows, is in the address, and says how many are left."""
    page.keyboard.press("/")
    page.keyboard.type("shop -sqs")
    assert shown(page) == ["kms", "s3"]
    expect(page.get_by_role("status")).to_have_text("2 of 8 endpoints")
    page.get_by_role("searchbox").fill("")
    page.get_by_role("columnheader", name="Endpoint").get_by_role("button").click()
    assert shown(page)[:3] == ["kms", "kms", "kms"]
    expect(page.get_by_role("columnheader", name="Endpoint")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("columnheader", name="Endpoint").get_by_role("button").click()
    assert shown(page)[0] == "sqs"
    page.locator("summary").click()
    page.get_by_label("Type", exact=True).select_option("Gateway")
    page.get_by_label("Policy", exact=True).select_option("not stated")
    assert shown(page) == ["s3", "s3"]
    page.reload()
    assert shown(page) == ["s3", "s3"]
    page.get_by_role("button", name="Clear").click()
    assert len(shown(page)) == 8


def test_a_module_with_its_picture(page: Page) -> None:
    """A row leads to its module, with the picture, the facts, and a link to the line of the spec."""
    page.get_by_role("row", name=re.compile("sqs shop")).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("shop")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.wait_for_selector("figure svg")
    drawn = page.locator("figure [data-address]").evaluate_all("all => all.map(each => each.dataset.address)")
    assert {f"aws_vpc_endpoint.{each}" for each in ("kms", "sqs", "s3")} <= {*drawn}
    assert page.evaluate("getComputedStyle(document.querySelector('figure svg .vpc > rect')).stroke") != "none"
    expect(page.locator("tr[aria-current]")).to_contain_text("sqs")
    link = page.locator("tr[aria-current] a")
    assert link.get_attribute("href") == "https://git.example/repo/shop.yaml#L9"
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the picture").click()
    assert saved.value.suggested_filename == "shop.svg"


def test_text_is_text(page: Page) -> None:
    """A name that would be a script is shown as it is, in the table, in the module and in its picture."""
    page.goto(f"{page.url.split('#')[0]}#/module/evil")
    page.wait_for_selector("figure svg")
    expect(page.locator("th[scope=row] small")).to_contain_text("</script><script>window.evil=1</script><!--<img")
    page.goto(f"{page.url.split('#')[0]}#/module/wrong")
    expect(page.locator(".findings")).to_contain_text("kmss</script>")
    assert page.locator("main script, main img").count() == 0


def test_what_vpcs_lack(page: Page) -> None:
    """The VPC without an endpoint that another has is named; of what is refused, that is not known."""
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Differences").click()
    page.get_by_label("Compare with").select_option("all")
    page.get_by_role("button", name="sqs lacking in 4").click()
    assert "shop" not in shown(page, "module")
    page.get_by_role("button", name="sqs lacking in 4").click()
    page.get_by_text("Filters").click()
    page.get_by_label("sqs", exact=True).select_option("lacks")
    assert "shop" not in shown(page, "module")
    page.get_by_label("VPC", exact=True).select_option("pay")
    assert shown(page, "module") == ["pay"]
    page.get_by_role("button", name="Clear").click()
    assert set(page.get_by_role("row", name=re.compile("wrong")).locator(".c-has").all_inner_texts()) == {"? not known"}


def test_findings(page: Page) -> None:
    """The wrong spec is there with what is wrong, and how to mend it; and so is a warning."""
    page.get_by_role("link", name="See why").click()
    assert (shown(page, "module"), shown(page, "code")) == (["wrong"], ["E201"])
    page.get_by_role("link", name="wrong", exact=True).click()
    expect(page.locator("main")).to_contain_text("its endpoints are not known")
    page.goto(f"{page.url.split('#')[0]}#/modules?q=group")
    assert shown(page, "warnings") == ["⚠ 1"]


def test_the_keyboard_goes_everywhere(page: Page) -> None:
    """From the link that skips to the rows, and from row to row."""
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.get_by_role("region").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("row", name=re.compile("logs group")).get_by_role("link")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("shop")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1280, 2560])
def test_every_width(chromium: Browser, site: Path, width: int, scheme: Any) -> None:
    """Nothing is wider than the window, and text stands out from its ground, in light and in dark."""
    with opened(chromium, site.as_uri(), viewport={"width": width, "height": 800}, color_scheme=scheme) as page:
        for view in ("endpoints", "modules", "differences", "findings", "module/shop", "module/wrong"):
            page.goto(f"{site.as_uri()}#/{view}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, view
            assert page.evaluate(CONTRAST) == [], view


def test_a_short_table_is_short_and_its_cards_have_labels(chromium: Browser, tmp_path: Path) -> None:
    """It ends with its rows, and offers no filter where all is alike; on a phone a name is told with what it is of."""
    for name in ("pay", "wrong"):
        (tmp_path / f"{name}.yaml").write_text(SPEC_TEXTS[name], encoding="utf-8")
    run(tmp_path, ".")
    url = (tmp_path / "site" / "index.html").as_uri()
    with opened(chromium, url, viewport={"width": 1200, "height": 900}) as page:
        assert "1 module; 1 refused" in page.locator(".tile").nth(1).inner_text().replace("\n", " ")
        assert page.locator(".scroll").evaluate("each => each.offsetHeight") < 160
        page.goto(f"{url}#/findings")
        assert page.locator(".scroll").evaluate("each => each.scrollWidth <= each.clientWidth")
        expect(page.locator("details.more")).to_be_hidden()
        page.goto(f"{url}#/modules/pay")
        expect(page.get_by_role("heading", level=1)).to_have_text("pay")
        expect(page.locator(".facts")).to_contain_text("USD/month more for 100 GB of traffic")
    with opened(chromium, url, viewport={"width": 500, "height": 900}) as page:
        label = "each => getComputedStyle(each, '::before').content"
        labels = [page.locator(f"td.c-{name}").first.evaluate(label) for name in ("module", "vpc")]
        assert labels == ['"Module "', '"VPC "']
        assert page.locator("thead tr").evaluate("each => each.scrollWidth <= each.clientWidth")


CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const linear = (one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
  const light = (color) => {
    const [red, green, blue] = color.map((one) => linear(one / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (each) => {
    for (let at = each; at; at = at.parentElement) {
      const found = rgb(getComputedStyle(at).backgroundColor);
      if (found.length < 4 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const texts = "body :is(p, a, dt, dd, th, td, h1, h2, span, label, button, summary, footer, li)";
  const poor = [];
  for (const each of document.querySelectorAll(texts)) {
    const isText = [...each.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    if (!isText || !each.checkVisibility() || each.closest(".unseen, .skip, figure svg")) continue;
    const [one, other] = [light(rgb(getComputedStyle(each).color)), light(ground(each))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) poor.push(`${each.tagName}.${each.className} ${ratio.toFixed(2)}`);
  }
  return [...new Set(poor)];
}"""
"""What is read with less than the contrast of WCAG 2.2's level AA."""


def test_print_has_every_row(page: Page) -> None:
    """Of many rows only those in sight are in the document, and all are printed."""
    page.evaluate(
        "current.grid.rows = Array(500).fill(current.grid.rows[0]); current.grid.drawn = ''; current.grid.draw()"
    )
    assert 10 < page.locator("tbody tr:not(.space)").count() < 100
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("tbody tr:not(.space)").count() == 500


def test_what_a_screen_reader_is_told(page: Page) -> None:
    """The table has a name, headers, and how many rows there are beside those in the document."""
    table = page.get_by_role("table", name="Endpoints")
    assert (table.get_attribute("aria-rowcount"), table.get_by_role("columnheader").count()) == ("9", 10)
    unnamed = page.evaluate(
        "[...document.querySelectorAll('input, select, button, a')]"
        ".filter((each) => !(each.getAttribute('aria-label') || each.labels?.length || each.textContent.trim())).length"
    )
    assert unnamed == 0


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_the_rows_are_those_of_show(spec: Path) -> None:
    """What was read back of a module has the endpoints that its text has."""
    found = generated(spec)
    texts = {path: text for path, text in found.files.items() if path.endswith(".tf")}

    assert rows(found.facts.blocks) == rows({path: parser.read(text) or () for path, text in texts.items()})


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    """An index.html of somebody else is not overwritten; ours is, and stays as it is where nothing changes."""
    (tmp_path / "pay.yaml").write_text(SPEC_TEXTS["pay"], encoding="utf-8")
    (tmp_path / "site").mkdir()
    file = tmp_path / "site" / "index.html"
    file.write_text("<h1>mine</h1>", encoding="utf-8")
    done = run(tmp_path, "pay.yaml")
    assert (done.returncode, "E285" in done.stderr, file.read_text(encoding="utf-8")) == (1, True, "<h1>mine</h1>")
    file.unlink()
    said = [run(tmp_path, "pay.yaml").stdout for _ in range(2)]
    assert said == ["wrote site/index.html\n", "unchanged site/index.html\n"]
    assert [run(tmp_path, "pay.yaml", "-o", name).stdout for name in ("p.html", "q")] == [
        "wrote p.html\n",
        "wrote q/index.html\n",
    ]


@pytest.mark.parametrize("named", [("nope.yaml",), ("pay.yaml", "nope.yaml")])
def test_a_spec_that_is_not_there_writes_over_no_page(tmp_path: Path, named: tuple[str, ...]) -> None:
    """What is on the page of a spec that is refused is why; of one that can't be found it would be a name alone."""
    (tmp_path / "pay.yaml").write_text(SPEC_TEXTS["pay"], encoding="utf-8")
    done = run(tmp_path, *named)
    assert (done.returncode, done.stdout, (tmp_path / "site").exists()) == (1, "", False)
    run(tmp_path, "pay.yaml")
    before = (tmp_path / "site" / "index.html").read_bytes()
    done = run(tmp_path, *named)
    assert (done.returncode, done.stdout, "nope.yaml: E030" in done.stderr) == (1, "", True)
    assert "site/index.html is left as it is: a spec is not there" in done.stderr
    assert (tmp_path / "site" / "index.html").read_bytes() == before


def test_what_is_no_file_is_not_written_over(tmp_path: Path) -> None:
    """A pipe, of which nobody waits for the end, and a folder."""
    (tmp_path / "pay.yaml").write_text(SPEC_TEXTS["pay"], encoding="utf-8")
    (tmp_path / "site").mkdir()
    file = tmp_path / "site" / "index.html"
    for make, undo in ((os.mkfifo, os.unlink), (os.mkdir, os.rmdir)):
        make(file)
        done = run(tmp_path, "pay.yaml")
        assert (done.returncode, "E285 is there already" in done.stderr) == (1, True), done.stderr
        undo(file)


def test_a_refusal_is_told_once_and_a_module_drawn_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of --watch, whatever else changes."""
    drawn, told = dict[str, Any](), list[object]()
    for name in ("pay", "shop", "wrong"):
        (tmp_path / f"{name}.yaml").write_text(SPEC_TEXTS[name], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    make = partial(page_of, cache=Cache(None), read=set(), source_url=None, is_served=True, drawn=drawn)

    def built() -> list[str]:
        before = {path: kept[2] for path, kept in drawn.items()}
        text = rebuilt(partial(scoped, ["."]), make, told)
        assert '"key":"pay"' in text
        return sorted(path for path, kept in drawn.items() if kept[2] is not before.get(path))

    assert built() == ["pay.yaml", "shop.yaml"]
    assert "E201" in capsys.readouterr().err
    assert (built(), capsys.readouterr().err) == ([], "")
    (tmp_path / "pay.yaml").write_text(SPEC_TEXTS["pay"] + "  sts: {service: sts}\n", encoding="utf-8")
    assert (built(), capsys.readouterr().err) == (["pay.yaml"], "")
    (tmp_path / "wrong.yaml").write_text("name: [\n", encoding="utf-8")
    assert (built(), "E201" in capsys.readouterr().err) == ([], False)


def test_only_its_own_files_are_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spec, the folder that another may come to, and nothing else: without templates, no other folder."""
    (tmp_path / "pay.yaml").write_text(SPEC_TEXTS["pay"], encoding="utf-8")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    monkeypatch.chdir(tmp_path)
    read = set[str]()
    page_of(scoped(["pay.yaml"]), Batch(), cache=Cache(None), read=read, source_url=None, is_served=True)

    assert {"pay.yaml", "."} <= read
    assert [each for each in read if "other" in each] == []


def test_all_may_be_refused(tmp_path: Path) -> None:
    """The page says why, and what is no URL is wrong usage."""
    (tmp_path / "wrong.yaml").write_text("name: [\n", encoding="utf-8")
    done = run(tmp_path, "wrong.yaml")
    assert (done.returncode, done.stdout) == (1, "wrote site/index.html\n")
    assert '"state":"refused"' in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert run(tmp_path, "wrong.yaml", "--source-url", "javascript:alert(1)").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "8080"], "--port: it goes with --watch"),
        (["--watch", "-o", "site"], "--out: --watch writes nothing"),
        (["-o", ""], "it is empty; is a variable not set?"),
    ],
)
def test_no_option_is_passed_over(tmp_path: Path, arguments: list[str], said: str) -> None:
    """What would have no effect is wrong usage."""
    done = run(tmp_path, "pay.yaml", *arguments)
    assert (done.returncode, said in done.stderr.replace("Invalid value for ", "")) == (2, True), done.stderr


def test_what_changes_all_the_time_makes_no_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two builds there is a pause, whatever they find."""
    numbers, began = count(), list[float]()
    monkeypatch.setattr(serving, "stamp", lambda _: next(numbers))

    def build() -> str:
        began.append(time.monotonic())
        if len(began) == 4:
            raise KeyboardInterrupt
        return "page"

    with pytest.raises(KeyboardInterrupt):
        serving.serve(build, ["file"], 0)
    assert began[-1] - began[0] > 1


@contextmanager
def heeding_hangup() -> Iterator[None]:
    """Start what ends with its terminal, also under `nohup`: what a process ignores, its children ignore."""
    before = signal.signal(signal.SIGHUP, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@contextmanager
def watched(
    folder: Path, *arguments: str, stderr: int = subprocess.DEVNULL
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve the page of a folder's specs; yield the process and the address that it printed."""
    with heeding_hangup():
        process = subprocess.Popen(
            [sys.executable, "-m", "generator", "page", "--no-cache", "--watch", *arguments],
            cwd=folder,
            env=environment(folder),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        assert process.stdout
        yield process, process.stdout.readline().split(" ")[0]
    finally:
        process.kill()
        process.communicate()


def asked(url: str, path: str, **headers: str) -> tuple[int, str]:
    """Return the status and the body of what the server answers to a path as it is."""
    connection = http.client.HTTPConnection(url.split("/")[2], timeout=20)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, answer.read(200).decode()
    connection.close()
    return found


def test_watch_serves_the_page_and_nothing_else(tmp_path: Path) -> None:
    """To who asks for it by this machine's name; the port is taken, and it ends with Ctrl-C."""
    (tmp_path / "pay.yaml").write_text(SPEC_TEXTS["pay"], encoding="utf-8")
    with watched(tmp_path, "pay.yaml") as (process, url):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", url)
        port = url.split(":")[2].strip("/")
        assert asked(url, "/")[0] == asked(url, "/", Host=f"localhost:{port}")[0] == 200
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", ""):
            assert asked(url, "/", Host=host) == (403, "not here\n"), host
            assert asked(url, "/events", Host=host)[0] == 403
        for path in ("/pay.yaml", "/../pay.yaml", "/%2e%2e/pay.yaml", "//etc/passwd", "/site/", "/?x"):
            assert asked(url, path) == (404, "not here\n"), path
        with socket.socket() as other, pytest.raises(ConnectionRefusedError):
            other.connect((socket.gethostbyname("127.0.0.2"), int(port)))
        assert run(tmp_path, "pay.yaml", "--watch", "--port", port).returncode == 2
        assert not (tmp_path / "site").exists()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130


def test_a_folder_that_goes_away_ends_it(tmp_path: Path) -> None:
    """In words, also where a command begins in one."""
    folder, words = tmp_path / "x", "the working folder is gone: change to one that is there\n"
    folder.mkdir()
    (folder / "pay.yaml").write_text(SPEC_TEXTS["pay"], encoding="utf-8")
    with watched(folder, "pay.yaml", stderr=subprocess.PIPE) as (process, _):
        shutil.rmtree(folder)
        assert (process.wait(30), process.stderr and process.stderr.read()) == (1, words)


def test_watch_loads_the_page_again(chromium: Browser, tmp_path: Path) -> None:
    """When a spec changes, comes, or is wrong for a while; and it ends with its terminal."""
    spec = tmp_path / "pay.yaml"
    spec.write_text(SPEC_TEXTS["pay"], encoding="utf-8")
    with watched(tmp_path, ".") as (process, url):
        context = chromium.new_context()
        page, told = context.new_page(), list[str]()
        page.on("console", lambda message: told.append(message.text))
        page.goto(f"{url}#/endpoints?sort=endpoint")
        assert shown(page) == ["kms", "s3"]
        page.wait_for_timeout(500)
        spec.write_text(SPEC_TEXTS["pay"] + "  sqs: {service: sqs}\n", encoding="utf-8")
        expect(page.locator("tbody th")).to_have_text(["kms", "s3", "sqs"], timeout=60_000)
        page.wait_for_timeout(500)
        spec.write_text("name: [\n", encoding="utf-8")
        expect(page.locator(".note.error")).to_contain_text("1 spec is refused", timeout=60_000)
        page.wait_for_timeout(500)
        spec.unlink()
        (tmp_path / "shop.yaml").write_text(SPEC_TEXTS["shop"], encoding="utf-8")
        expect(page.locator("tbody th")).to_have_text(["kms", "s3", "sqs"], timeout=60_000)
        assert "#/endpoints?sort=endpoint" in page.url
        assert told == []
        context.close()
        process.send_signal(signal.SIGHUP)
        for _ in range(40):
            if process.poll() is not None:
                break
            time.sleep(0.5)
        assert process.poll() == -signal.SIGHUP
