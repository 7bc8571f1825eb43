"""XML elements as values and as text."""

from __future__ import annotations

from tests.source_help import problems, read
from tests.source_samples import CWE


def test_deep_xml_is_a_problem_and_no_crash() -> None:
    nested = "<a>" * 10_000 + "</a>" * 10_000
    deep = CWE.replace("<Likelihood_Of_Exploit>", f"{nested}<Likelihood_Of_Exploit>")
    assert "nested more than" in problems(deep)[0]
    assert [one.record["id"] for one in read(deep) if one.record] == ["CWE-9002"]
