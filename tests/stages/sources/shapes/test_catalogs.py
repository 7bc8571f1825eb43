"""XML documents of known roots: catalogs, advisories, and what is refused by its root."""

from __future__ import annotations

from tests.source_help import problems, read, records, refusal
from tests.source_samples import CVRF, FLAW


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
