"""`python -m stages.recipe`: wrong use is one line, as for every other command."""

from __future__ import annotations

import pytest

from stages.recipe.__main__ import main


@pytest.mark.parametrize("given", [["nope.yaml"], ["--check"], ["--chek", "here"]])
def test_wrong_use_is_one_line(capsys: pytest.CaptureFixture[str], given: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(given)
    said = capsys.readouterr().err
    assert said.startswith("error: ") and said.count("\n") == 1
