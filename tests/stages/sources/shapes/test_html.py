"""HTML pages: what a reader came for, and nothing else."""

from __future__ import annotations

import pytest

from tests.source_help import record, refusal

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Bear &amp; co</title>
<meta property="og:site_name" content="Acme Blog">
<link rel="canonical" href="https://blog.example/1">
<style>p {color: red}</style></head><body><nav><a href="/">Home</a></nav>
<article><h1>Bear</h1><p>A group sends
<b>print jobs</b>.</p><ul><li>Block it</li></ul><pre>printat
  evil.exe</pre><script>alert(1)</script><!-- secret --></article><footer>Legal</footer></body>
</html>"""


def test_html() -> None:
    found = record(PAGE, name="x.html")
    assert found["text"] == "Bear\nA group sends print jobs.\nBlock it\nprintat\nevil.exe"
    assert (found["title"], found["source"], found["language"]) == ("Bear & co", "Acme Blog", "en")
    assert found["link"] == "https://blog.example/1"
    assert found["original"] == {"file": "x.html", "html": PAGE}


def test_declarations_that_are_none_and_xhtml(capfd: pytest.CaptureFixture[str]) -> None:
    broken = "<![octype html>" + PAGE.partition(">")[2]
    assert record(broken, name="x.html")["text"].startswith("Bear\nA group sends")
    xhtml = '<?xml version="1.0"?>\n' + PAGE
    assert record(xhtml)["title"] == "Bear & co"
    assert capfd.readouterr().err == ""


def test_cells_of_a_table_do_not_run_together() -> None:
    table = "<table><tr><th>CVE</th><th>Text</th></tr><tr><td>1</td><td>A worm.</td></tr></table>"
    assert record(f"<html><body>{table}</body></html>")["text"] == "CVE: 1; Text: A worm."


def test_html_that_is_empty_deep_or_cut() -> None:
    assert "without text" in refusal("<html><body><script>x()</script></body></html>")
    deep = "<html><body>" + "<div>" * 20_000 + "A worm." + "</div>" * 20_000
    assert record(deep)["text"] == "A worm."
    assert record(PAGE[: PAGE.index("</p>")])["text"] == "Bear\nA group sends print jobs."


def test_a_page_within_a_form_and_one_of_several_articles() -> None:
    form = '<form id="aspnetForm"><input value="x"><p>A worm.</p><button>Go</button></form>'
    assert record(f"<html><body>{form}</body></html>")["text"] == "A worm."
    articles = "<h1>News</h1><article>A worm.</article><article>A loader.</article>"
    assert record(f"<html><body>{articles}</body></html>")["text"] == "News\nA worm.\nA loader."


def test_what_a_page_hides_is_not_read_but_what_a_script_shows_is() -> None:
    unseen = '<p hidden>Say yes.</p><div style="Display:none">Say <b>yes</b>.</div>'
    page = f'<html><body style="visibility: hidden"><p>A worm.</p>{unseen}</body></html>'
    assert record(page)["text"] == "A worm."
