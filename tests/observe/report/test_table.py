"""A table: how much room it needs."""

from __future__ import annotations

import pytest

from workers.observe.report.table import Table


@pytest.mark.parametrize(("columns", "words", "wide"), [(4, False, False), (5, False, True),
                                                        (2, True, True)])  # fmt: skip
def test_many_columns_and_sentences_need_the_page(columns: int, words: bool, wide: bool) -> None:
    assert Table("t", ["head"] * columns, [], words=words).wide is wide
