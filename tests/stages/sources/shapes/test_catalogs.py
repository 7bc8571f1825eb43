"""XML documents of known roots: catalogs, advisories, and what is refused by its root."""

from __future__ import annotations

import pytest

from stages.sources.document import Head
from stages.sources.shapes.catalogs import sniff_capec, sniff_cvrf, sniff_cwe
from tests.source_help import problems, read, records, refusal
from tests.source_samples import CAPEC, CVRF, CWE, FLAW


def test_a_cvrf_catalog_gives_a_record_for_each_vulnerability() -> None:
    flaws = [FLAW % number for number in range(150)]
    found = records(CVRF % "\n".join(flaws))
    assert len(found) == 150
    assert (found[7]["id"], found[7]["kind"]) == ("CVE-2031-10007", "vulnerability")
    assert found[7]["affected"] == ["Viewer 2.3"] and found[7]["title"] == "Overflow"
    broken = flaws.copy()
    broken[7] = broken[7].replace("</v:Title>", "</v:Titel>")
    told = problems(CVRF % "\n".join(broken))
    assert len(told) == 1 and told[0].startswith("Vulnerability 8: not well-formed XML")
    assert len(read(CVRF % "\n".join(broken))) == 150


def test_another_vocabulary_is_refused_by_its_root() -> None:
    told = refusal('<?xml version="1.0"?><inventory><item>x</item></inventory>')
    assert "root <inventory>" in told and "convert it to JSON or CSV" in told


@pytest.mark.parametrize(
    ("text", "cwe", "capec", "cvrf"),
    [(CWE, 1.0, 0.0, 0.0), (CAPEC, 0.0, 1.0, 0.0), (CVRF % "", 0.0, 0.0, 1.0), ("<a/>", 0, 0, 0)],
)
def test_a_catalog_is_told_by_its_root(text: str, cwe: float, capec: float, cvrf: float) -> None:
    head = Head("x.xml", text.encode(), complete=True)
    assert (sniff_cwe(head), sniff_capec(head), sniff_cvrf(head)) == (cwe, capec, cvrf)


def test_an_advisory_cut_short_gives_what_was_whole() -> None:
    whole = CVRF % (FLAW % 1 + FLAW % 2)
    found = read(whole[: whole.index("CVE-2031-10002")])
    assert [one.record["aliases"] for one in found if one.record] == [["CVE-2031-10001"]]
    assert "ends in the middle" in [one.problem for one in found if one.problem][0]
    assert "damaged before its vulnerabilities" in refusal(whole.replace("</DocumentTitle>", "", 1))
