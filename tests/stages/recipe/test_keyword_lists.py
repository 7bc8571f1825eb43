"""Lists of keywords: in lower case, each once, and strong where they are in both lists."""

from __future__ import annotations

import pytest

from stages.recipe.keyword_lists import Keywords, keyword_list, keywords
from stages.recipe.nodes import Node, RecipeError, parse


def listed(text: str) -> Node:
    return parse(f"words: {text}\n".encode(), "f").entries()["words"]


def test_a_word_in_both_lists_is_strong() -> None:
    found = keywords(listed("[worm]"), listed("[worm, print*]"))
    assert found == Keywords(("worm",), ("worm", "print*"))
    table = found.table(strong=2.0, weak=0.5, scale=1.0)
    assert (table.total("worm"), table.total("printers")) == (2.0, 0.5)


@pytest.mark.parametrize("word", ["Worm", "' worm'", '"a\\nb"', "x" * 81, "''", "7"])
def test_what_is_no_keyword_is_refused_with_its_line(word: str) -> None:
    with pytest.raises(RecipeError, match="^f:1: "):
        keyword_list(listed(f"[{word}]"))


def test_a_word_is_listed_once() -> None:
    with pytest.raises(RecipeError, match="'worm': in line 1 too"):
        keyword_list(listed("[worm, worm]"))
