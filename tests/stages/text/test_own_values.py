"""A record's own values: a reader's words, then plain fields of what it read, never its depths."""

from __future__ import annotations

from stages.text.own_values import find_own_values, own_sources


def test_what_a_reader_states_counts_first_and_depths_never() -> None:
    original = {"product": "Foo", "tree": {"product": "Bar"}, "list": [{"product": "Baz"}]}
    read = {"text": "t", "original": original}
    assert find_own_values(read, "product") == ["Foo"]
    assert find_own_values(read | {"product": "Own"}, "product") == ["Own"]
    assert find_own_values({"original": original, "text": "t"}, "tree", "list") == []
    assert own_sources(original) == (original,)
    assert find_own_values(original, "tree", "product") == ["Foo", "Bar", "Baz"]
