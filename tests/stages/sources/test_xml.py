"""XML catalogs and feeds: CWE, CAPEC, RSS, Atom, arXiv; damage, entities and namespaces."""

from __future__ import annotations

import pytest

from tests.source_help import problems, read, record, records, refusal, without_original

CWE = """<?xml version="1.0" encoding="UTF-8"?>
<Weakness_Catalog Name="CWE" xmlns="http://cwe.mitre.org/cwe-7" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<Weaknesses>
<!-- <Weakness ID="1" Name="Commented out"><Description>No.</Description></Weakness> -->
<Weakness ID="9001" Name="Unlimited Titles" Abstraction="Base" Status="Stable">
  <Description>The product shows titles without a limit.</Description>
  <Extended_Description><xhtml:p>A title may be <xhtml:b>long</xhtml:b>.</xhtml:p>
    <xhtml:p>It then hides the rest.</xhtml:p></Extended_Description>
  <Related_Weaknesses><Related_Weakness Nature="ChildOf" CWE_ID="9000"/></Related_Weaknesses>
  <Applicable_Platforms><Language Class="Not Language-Specific"/><Operating_System Name="Linux"/>
  </Applicable_Platforms>
  <Likelihood_Of_Exploit>High</Likelihood_Of_Exploit>
  <Common_Consequences><Consequence><Scope>Integrity</Scope><Impact>Hide Activities</Impact>
    <Note>Users are misled.</Note></Consequence></Common_Consequences>
  <Detection_Methods><Detection_Method><Method>Fuzzing</Method>
    <Description>Send long titles.</Description></Detection_Method></Detection_Methods>
  <Potential_Mitigations><Mitigation><Phase>Implementation</Phase>
    <Description><xhtml:p>Cut titles.</xhtml:p></Description></Mitigation></Potential_Mitigations>
  <Observed_Examples><Observed_Example><Reference>CVE-2031-10001</Reference>
    <Description>A viewer did.</Description></Observed_Example></Observed_Examples>
</Weakness>
<Weakness ID="9002" Name="DEPRECATED: Old" Status="Deprecated">
  <Description>This entry has been deprecated.</Description></Weakness>
</Weaknesses></Weakness_Catalog>"""


def test_cwe() -> None:
    first, second = records(CWE)
    assert without_original(first) == {
        "text": "The product shows titles without a limit.\nA title may be long.\n"
        "It then hides the rest.",
        "title": "Unlimited Titles",
        "kind": "weakness",
        "id": "CWE-9001",
        "source": "CWE",
        "link": "https://cwe.mitre.org/data/definitions/9001.html",
        "links": ["https://cwe.mitre.org/data/definitions/9001.html"],
        "licence": "CWE Terms of Use (https://cwe.mitre.org/about/termsofuse.html)",
        "language": "en",
        "mitigations": ["Cut titles."],
        "detections": ["Fuzzing: Send long titles."],
        "abstraction": "Base",
        "likelihood_of_exploit": "High",
        "consequences": ["Integrity: Hide Activities. Users are misled."],
        "platforms": ["Linux"],
        "examples": ["CVE-2031-10001: A viewer did."],
        "related": ["ChildOf CWE-9000"],
    }
    assert first["original"]["@ID"] == "9001"
    assert first["original"]["Description"] == "The product shows titles without a limit."
    assert (second["id"], second["status"]) == ("CWE-9002", "deprecated")


CAPEC = """<Attack_Pattern_Catalog xmlns="http://capec.mitre.org/capec-3"
 xmlns:xhtml="http://www.w3.org/1999/xhtml"><Attack_Patterns>
<Attack_Pattern ID="9101" Name="Title Flooding" Abstraction="Detailed" Status="Draft">
  <Description>An adversary floods the title.</Description>
  <Likelihood_Of_Attack>Low</Likelihood_Of_Attack><Typical_Severity>Medium</Typical_Severity>
  <Related_Attack_Patterns><Related_Attack_Pattern Nature="ChildOf" CAPEC_ID="1"/>
  </Related_Attack_Patterns>
  <Execution_Flow><Attack_Step><Step>1</Step><Phase>Explore</Phase>
    <Description>Find the title.</Description><Technique>Read the manual.</Technique></Attack_Step>
  </Execution_Flow>
  <Prerequisites><Prerequisite>A title.</Prerequisite></Prerequisites>
  <Indicators><Indicator>Long titles.</Indicator></Indicators>
  <Mitigations><Mitigation>Cut titles.</Mitigation></Mitigations>
  <Related_Weaknesses><Related_Weakness CWE_ID="9001"/></Related_Weaknesses>
</Attack_Pattern></Attack_Patterns></Attack_Pattern_Catalog>"""


def test_capec() -> None:
    found = record(CAPEC)
    assert (found["kind"], found["id"], found["title"]) == (
        "attack_pattern",
        "CAPEC-9101",
        "Title Flooding",
    )
    assert found["severity"] == "Medium" and found["cwes"] == ["CWE-9001"]
    assert found["mitigations"] == ["Cut titles."] and found["detections"] == ["Long titles."]
    assert found["prerequisites"] == ["A title."]
    assert found["steps"] == ["Find the title. Read the manual."]


@pytest.mark.parametrize(
    ("whole", "broken", "problem"),
    [
        ("</Potential_Mitigations>", "</Potential_Mitigation>", "not well-formed XML: mismatched"),
        ("</Weakness>\n<Weakness ID", "\n<Weakness ID", "its end is missing"),
        ("</Weakness>\n</Weaknesses>", "</Weakness\n</Weaknesses>", "it ends in the middle"),
        ('<Weakness ID="9001"', '<Meakness ID="9001"', "the beginning of this element is missing"),
    ],
)
def test_a_broken_weakness_costs_itself(whole: str, broken: str, problem: str) -> None:
    assert whole in CWE
    found = read(CWE.replace(whole, broken, 1))
    told = [one.problem for one in found if one.problem]
    kept = [one.record["id"] for one in found if one.record]
    assert len(told) == 1 and problem in told[0] and "at byte" in told[0]
    assert kept == ["CWE-9001" if "ends in the middle" in problem else "CWE-9002"]


def test_the_file_cut_at_any_place_gives_what_was_whole_or_is_refused() -> None:
    first_end = CWE.index("</Weakness>", CWE.index("9001")) + len("</Weakness>")
    for end in range(400, len(CWE), 37):
        found = read(CWE[:end])
        kept = [one.record["id"] for one in found if one.record]
        assert kept[:1] == (["CWE-9001"] if end >= first_end else [])
        assert len(kept) == 2 or end < CWE.index("</Weaknesses>")


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Acme Security Blog</title><language>en-us</language>
<item><title>Print Bear &amp; friends</title><link>https://blog.example/1</link>
  <guid isPermaLink="false">post-1</guid><pubDate>Mon, 01 Jan 2031 10:00:00 GMT</pubDate>
  <category>malware</category><description>Short.</description>
  <content:encoded><![CDATA[<p>A group sends <b>print jobs</b>.</p><script>x()</script>
  <p>It says &lt;/item&gt; too: </item></p>]]></content:encoded></item>
<item><title>Second</title><description>Plain words about a phishing mail.</description></item>
</channel></rss>"""


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


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [BOMB, OUTSIDE])
@pytest.mark.parametrize("body", [CWE.partition("?>")[2], CAPEC, RSS.partition("?>")[2]])
def test_entities_are_refused(head: str, body: str) -> None:
    assert "declares entities of its own" in refusal(head + body)


def test_another_vocabulary_is_refused_by_its_root() -> None:
    told = refusal('<?xml version="1.0"?><inventory><item>x</item></inventory>')
    assert "root <inventory>" in told and "convert it to JSON or CSV" in told


def test_deep_xml_is_a_problem_and_no_crash() -> None:
    nested = "<a>" * 10_000 + "</a>" * 10_000
    deep = CWE.replace("<Likelihood_Of_Exploit>", f"{nested}<Likelihood_Of_Exploit>")
    assert "nested more than" in problems(deep)[0]
    assert [one.record["id"] for one in read(deep) if one.record] == ["CWE-9002"]
