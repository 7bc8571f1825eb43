"""RSS, Atom, RDF and arXiv's answers; a broken entry costs itself alone."""

from __future__ import annotations

import pytest

from tests.source_help import problems, read, record, records, without_original
from tests.source_samples import RSS


def test_rss() -> None:
    first, second = records(RSS)
    assert without_original(first) == {
        "text": "A group sends print jobs.\nIt says </item> too:",
        "title": "Print Bear & friends",
        "kind": "other",
        "id": "post-1",
        "source": "Acme Security Blog",
        "link": "https://blog.example/1",
        "links": ["https://blog.example/1"],
        "language": "en",
        "published": "Mon, 01 Jan 2031 10:00:00 GMT",
        "categories": ["malware"],
    }
    assert second["text"] == "Plain words about a phishing mail."
    assert first["original"]["summary"] == "Short."


def test_a_broken_item_of_a_feed_costs_itself() -> None:
    broken = RSS.replace("<title>Print Bear &amp; friends</title>", "<title>Print Bear</tilte>")
    assert [one.record["title"] for one in read(broken) if one.record] == ["Second"]
    assert "not well-formed XML" in problems(broken)[0]
    common = RSS.replace("Plain words", "Plain&nbsp;words")
    assert "words about a phishing mail" in records(common)[1]["text"]


ARXIV = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
<title type="html">ArXiv Query: search_query=all:print</title>
<entry><id>http://arxiv.org/abs/3101.00001v2</id><updated>2031-01-02T00:00:00Z</updated>
<published>2031-01-01T00:00:00Z</published><title>Printing as an
  Attack</title><summary>  We print, and they run it.
</summary><author><name>A. Person</name></author>
<arxiv:doi>10.1000/xyz</arxiv:doi>
<link href="http://arxiv.org/abs/3101.00001v2" rel="alternate" type="text/html"/>
<category term="cs.CR" scheme="http://arxiv.org/schemas/atom"/></entry></feed>"""


def test_arxiv() -> None:
    assert without_original(record(ARXIV)) == {
        "text": "We print, and they run it.",
        "title": "Printing as an Attack",
        "kind": "research_paper",
        "id": "3101.00001",
        "source": "arXiv",
        "link": "http://arxiv.org/abs/3101.00001v2",
        "links": ["http://arxiv.org/abs/3101.00001v2"],
        "licence": "CC0-1.0 (metadata)",
        "language": "en",
        "published": "2031-01-01T00:00:00Z",
        "modified": "2031-01-02T00:00:00Z",
        "authors": ["A. Person"],
        "categories": ["cs.CR"],
        "doi": "10.1000/xyz",
    }


def item(**fields: str) -> str:
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in fields.items())
    return f'<rss version="2.0"><channel><title>F</title><item>{inner}</item></channel></rss>'


def test_arxivs_rss() -> None:
    announced = "arXiv:3101.00001v1 Announce Type: new \nAbstract: We print, and they run it."
    found = record(item(title="Printing", guid="oai:arXiv.org:3101.00001v1", description=announced))
    assert (found["kind"], found["id"], found["source"]) == (
        "research_paper",
        "3101.00001",
        "arXiv",
    )
    assert found["text"] == "We print, and they run it."


@pytest.mark.parametrize(
    ("fields", "kind", "own_id"),
    [
        ({"guid": "https://ubuntu.com/security/notices/USN-7001-1"}, "advisory", "USN-7001-1"),
        ({"link": "https://nvd.nist.gov/vuln/detail/CVE-2031-10001/"}, "vulnerability",
         "CVE-2031-10001"),
        ({"link": "https://ctftime.org/event/7/"}, "ctf_event", "7"),
        ({"guid": "https://blog.example/cve-2031-10001-exploited"}, "other",
         "https://blog.example/cve-2031-10001-exploited"),
    ],
)  # fmt: skip
def test_the_page_of_an_entry_may_be_named_by_its_id(
    fields: dict[str, str], kind: str, own_id: str
) -> None:
    found = record(item(title="Print flaw", description="A flaw of printing.", **fields))
    assert (found["kind"], found["id"]) == (kind, own_id)


def test_rdf() -> None:
    feed = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/"><channel><title>Notes</title></channel>
 <item><title>JVN#1</title><link>https://jvn.example/1</link>
 <description>A flaw.</description></item>
 </rdf:RDF>"""
    found = record(feed)
    assert (found["text"], found["link"], found["source"]) == (
        "A flaw.",
        "https://jvn.example/1",
        "Notes",
    )


def atom(inner: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{inner}</entry></feed>'


@pytest.mark.parametrize(
    ("title", "summary", "words"),
    [
        ("XSS via the &lt;script&gt; tag", '<summary type="text">Releases &lt;b2.1 and &gt;a1.0: a'
         " page that holds &lt;script&gt; runs it.</summary>",
         "Releases <b2.1 and >a1.0: a page that holds <script> runs it."),
        ("XSS via the &lt;script&gt; tag", "<summary>n&lt;m and p&gt;q</summary>", "n<m and p>q"),
        ("XSS via the &lt;script&gt; tag", "<summary>It writes &amp;lt;b&amp;gt;.</summary>",
         "It writes &lt;b&gt;."),
        ("XSS via the &lt;script&gt; tag", '<content type="html">It &lt;i&gt;holds&lt;/i&gt;'
         " &amp;lt;script&amp;gt;.&lt;script&gt;x()&lt;/script&gt;</content>",
         "It holds <script>."),
        ("XSS via the &lt;script&gt; tag", '<content type="xhtml"><div'
         ' xmlns="http://www.w3.org/1999/xhtml">n &lt; <b>m</b></div></content>', "n < m"),
    ],
)  # fmt: skip
def test_atom_says_what_is_markup(title: str, summary: str, words: str) -> None:
    found = record(atom(f"<id>7</id><title>{title}</title>{summary}"))
    assert (found["title"], found["text"]) == ("XSS via the <script> tag", words)


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("Releases &lt;b2.1 and &gt;a1.0 run a &lt;script&gt; tag.",
         "Releases <b2.1 and >a1.0 run a <script> tag."),
        ("n&lt;m and p&gt;q", "n<m and p>q"),
        ("It &lt;b&gt;holds&lt;/b&gt; &amp;lt;script&amp;gt;.", "It holds <script>."),
        ("&lt;p&gt;One.&lt;p&gt;Two.", "One.\nTwo."),
        ("Acme &amp;amp; co", "Acme & co"),
    ],
)  # fmt: skip
def test_rss_is_markup_where_tags_format(description: str, words: str) -> None:
    found = record(item(title="The &lt;script&gt; tag", description=description))
    assert (found["title"], found["text"]) == ("The <script> tag", words)


@pytest.mark.parametrize(
    ("comment", "status"),
    [
        ("This paper has been withdrawn by the author", "withdrawn"),
        ("12 pages. Withdrawn due to an error in Lemma 2", "withdrawn"),
        ("12 pages, replaces the withdrawn arXiv:3001.00001", ""),
        ("12 pages", ""),
    ],
)
def test_a_paper_that_its_comment_takes_back(comment: str, status: str) -> None:
    commented = f"<arxiv:comment>{comment}</arxiv:comment>"
    found = record(ARXIV.replace("<arxiv:doi>", commented + "<arxiv:doi>"))
    assert found.get("status", "") == status
