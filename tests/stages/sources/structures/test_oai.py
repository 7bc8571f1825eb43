"""arXiv's papers as OAI-PMH gives them, and Dublin Core of others."""

from __future__ import annotations

from tests.source_help import record, records, without_original

ANSWER = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2031-01-03</responseDate>
<request verb="ListRecords">http://oai.example</request><ListRecords>%s
<resumptionToken>x</resumptionToken></ListRecords></OAI-PMH>"""
ARXIV = """<record><header><identifier>oai:arXiv.org:3101.00001</identifier>
<datestamp>2031-01-02</datestamp><setSpec>cs</setSpec></header><metadata>
<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>3101.00001</id><created>2031-01-01</created>
<authors><author><keyname>Person</keyname><forenames>A.</forenames></author></authors>
<title>Printing as an
  Attack</title><categories>cs.CR cs.LG</categories><doi>10.1000/xyz</doi>
<license>http://creativecommons.org/licenses/by/4.0/</license>
<abstract>  We print, and they
run it.</abstract></arXiv></metadata></record>"""
DUBLIN_CORE = """<record><header><identifier>oai:repo.example:7</identifier>
<datestamp>2031-01-02</datestamp></header><metadata>
<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Faxes</dc:title>
<dc:creator>Person, B.</dc:creator><dc:subject>security</dc:subject>
<dc:description>Guests read stored faxes.</dc:description>
<dc:identifier>https://repo.example/7</dc:identifier></oai_dc:dc></metadata></record>"""
DELETED = """<record><header status="deleted"><identifier>oai:arXiv.org:3101.00002</identifier>
<datestamp>2031-01-02</datestamp></header></record>"""


def test_a_paper_of_arxiv() -> None:
    assert without_original(record(ANSWER % ARXIV)) == {
        "text": "We print, and they run it.",
        "title": "Printing as an Attack",
        "kind": "research_paper",
        "id": "3101.00001",
        "source": "arXiv",
        "link": "https://arxiv.org/abs/3101.00001",
        "links": ["https://arxiv.org/abs/3101.00001"],
        "licence": "http://creativecommons.org/licenses/by/4.0/",
        "published": "2031-01-01",
        "modified": "2031-01-02",
        "authors": ["A. Person"],
        "doi": "10.1000/xyz",
        "categories": ["cs.CR", "cs.LG"],
    }


def test_dublin_core_and_a_paper_that_was_deleted() -> None:
    paper, deleted = records(ANSWER % (DUBLIN_CORE + DELETED))
    assert (paper["text"], paper["id"]) == ("Guests read stored faxes.", "oai:repo.example:7")
    assert (paper["authors"], paper["link"]) == (["Person, B."], "https://repo.example/7")
    assert (deleted["id"], deleted["status"]) == ("3101.00002", "withdrawn")


def test_a_paper_that_its_comment_takes_back() -> None:
    taken = ARXIV.replace("<abstract>", "<comments>Withdrawn by the author</comments><abstract>")
    comment = "<dc:description>Comment: This paper has been withdrawn</dc:description>"
    dublin = DUBLIN_CORE.replace("<dc:identifier>", comment + "<dc:identifier>")
    assert [one["status"] for one in records(ANSWER % (taken + dublin))] == ["withdrawn"] * 2
