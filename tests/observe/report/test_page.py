"""The page: one file that needs nothing else, holds what the logs say and runs nothing of it."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from tests.observe.report.made_logs import (
    FILTER,
    HOSTILE,
    Page,
    made_run,
    spent,
    window,
    write_log,
)
from tests.run_tools import Desk, security_record, write_jsonl
from workers.core.errors import UsageError
from workers.observe.report.figures import RunFigures, read_run
from workers.observe.report.page import render, write_page
from workers.observe.report.tables import facts_of, tables_of
from workers.run.run_folder import RunFolder

LARGEST = 2_000_000


def named(figures: RunFigures, *names: str) -> list[RunFigures]:
    return [dataclasses.replace(figures, name=name) for name in names]


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of one run, drawn once."""
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("page")
        patched.setenv("CYBERLLM_LOGS", str(folder / "logs"))
        return render([read_run(made_run(folder))])


def test_the_page_holds_every_figure_of_the_tables(figures: RunFigures, html: str) -> None:
    page = Page(html)
    cells = {text.strip() for text in page.texts_of("td")}
    for table in tables_of(figures):
        for row in table.rows:
            for cell in row[1:]:
                assert set(re.split("(?<=[_/])", cell)) <= cells, cell
    assert page.texts_of("dd") == [fact.value for fact in facts_of(figures)]
    assert page.texts_of("h1") == ["Run test"]


@pytest.mark.parametrize("names", [(), ("same", "same")], ids=["one", "two"])
def test_the_page_needs_nothing_and_runs_nothing(
    figures: RunFigures, html: str, names: tuple[str, ...]
) -> None:
    html = render(named(figures, *names)) if names else html
    page = Page(html)
    assert page.open == []
    assert not {"script", "img", "link", "iframe", "object", "use"} & set(page.tags)
    for name, value in page.attributes:
        assert name not in ("src", "srcset", "action", "xlink:href") and not name.startswith("on")
        assert name != "href" or re.fullmatch(r"#run-\d", value)
    assert not re.search(r"url\(|@import", html)
    addresses = re.findall(r"https?://\S{8}", html)
    assert set(addresses) <= {"http://evil.exa", "http:/"}  # a text of the logs, not an address
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_texts_of_data_are_never_markup(figures: RunFigures) -> None:
    assert figures.marks[1].text.endswith(HOSTILE)
    html = render(named(figures, HOSTILE, "{{ 7 * 7 }}"))
    page = Page(html)
    assert not {"script", "img"} & set(page.tags) and page.open == []
    assert "\x1b" not in html and "<script" not in html
    assert "&lt;script&gt;" in html and "{{ 7 * 7 }}" in html


def test_a_legend_shows_each_series_in_its_colour(html: str) -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", html))
    defined = set(re.findall(r"--([\w-]+):", html))
    assert used <= defined
    light, dark = re.findall(r":root \{(.*?)\}", html, re.S)
    assert set(re.findall(r"--([\w-]+):", light)) == set(re.findall(r"--([\w-]+):", dark))


def test_every_shape_of_a_legend_has_a_style(html: str) -> None:
    shapes = set(re.findall(r'<i class="(\w+)"', html))
    assert {"line", "dashed", "square", "cross", "diamond", "circle", "triangle"} == shapes
    assert all(f".legend .{shape} " in html for shape in shapes)


def test_a_page_of_many_workers_and_runs_stays_small(run: RunFolder) -> None:
    for slot in range(2, 33):
        lines = [window(1000 + 2 * n, FILTER, rows=n % 16) for n in range(50)]
        write_log(run.logs_dir, f"w{slot}-00000001", [*lines, spent(1099)])
    figures = read_run(run)
    one, two = (len(render(named(figures, *names)).encode()) for names in (("a",), ("a", "b")))
    assert one + 7 * (two - one) < LARGEST  # eight runs of 32 workers side by side


def test_a_table_that_a_chart_has_is_not_there_twice(html: str) -> None:
    titles = Page(html).texts_of("h3")
    assert titles.count("Time by phase") == 1 and "Speculative decoding" in titles


def test_damaged_logs_give_a_page(run: RunFolder) -> None:
    for path in run.logs_dir.glob("coordinator-*"):
        path.unlink()
    odd = [{"time": "x", "kind": kind, "phases": 7, "drafts": [1]} for kind in ("batch", "time")]
    write_log(run.logs_dir, "w2-00000001", [*odd, {"kind": "death"}, {"time": 1e300}])
    assert "Records" in render([read_run(run)])


def test_a_page_is_written_whole_or_not_at_all(figures: RunFigures, tmp_path: Path) -> None:
    write_page([figures], tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text().rstrip().endswith("</html>")
    for place in (tmp_path, tmp_path / "missing" / "page.html"):
        with pytest.raises(UsageError, match="--html .*not a file in a folder that exists"):
            write_page([figures], place)


def test_a_real_run_is_reported(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "input.jsonl", [security_record(n) for n in range(40)])
    desk = Desk(tmp_path)
    assert desk.coordinator(*desk.run_arguments("one", "--workers", "2")).returncode in (0, 3)
    shown = desk.coordinator("report", "one", "one", "--html", "both.html")
    assert shown.returncode == 0, shown.stderr
    assert "plots: both.html" in shown.stdout
    page = Page((tmp_path / "both.html").read_text())
    assert page.texts_of("h1") == ["one and one"] and page.tags["svg"] >= 6
    shown = desk.coordinator("report")
    assert "performance_logs/one/report.html" in shown.stdout
    assert re.search(r"data_filter +40 +", shown.stdout)
    phases = re.search(r"\((\d) workers x (\d+)s of the run", shown.stdout)
    whole = re.search(r"  all +(\d+)s +100%", shown.stdout)
    assert phases and whole
    assert abs(int(phases[1]) * int(phases[2]) - int(whole[1])) <= 2
