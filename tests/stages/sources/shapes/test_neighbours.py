"""What the next piece of a list looks like, by those that were whole."""

from __future__ import annotations

import pytest

from stages.sources.shapes.neighbours import Neighbours


def learned(*pieces: bytes) -> Neighbours:
    neighbours = Neighbours()
    for piece in pieces:
        neighbours.learn(piece)
    return neighbours


def test_pieces_begin_as_those_before_them_did() -> None:
    pattern = learned(b'{"id": 1, "a": 2}', b'{"name":"x"}').pattern(keyed=False)
    assert pattern is not None
    text = 'x"id": {"inner": 1}, {"a": 3}, { "name" : "y"}'
    match = pattern.search(text)
    assert match is not None and text[match.start() :] == '{ "name" : "y"}'


def test_members_of_a_mapping_begin_with_a_key() -> None:
    pattern = learned(b'{"id": 1}').pattern(keyed=True)
    assert pattern is not None
    assert pattern.search('"CVE-1": {"id": 2}') and not pattern.search(', {"id": 2}')


def test_names_are_no_patterns() -> None:
    pattern = learned(rb'{"a.(b": 1}').pattern(keyed=False)
    assert pattern is not None
    assert pattern.search('{"a.(b": 2}') and not pattern.search('{"ax(b": 2}')


def test_without_a_whole_object_nothing_is_known() -> None:
    neighbours = learned(b"[1]", b'"text"', b"{}")
    assert not neighbours.are_objects and neighbours.pattern(keyed=False) is None
    assert learned(b'{"a": 1}').are_objects


@pytest.mark.parametrize(
    ("piece", "alike"),
    [
        (b'{"id": 2, "title": "y", "body": "z"}', True),
        (b'{"id": 2, "title": "y", "note": "z"}', True),
        (b'{"id": 2}', False),
        (b'{"x": 1, "y": 2, "z": 3}', False),
        (b'{"id": 2, "title": "y", "body": "z"', False),
        (b"[1, 2, 3]", False),
        (b"", False),
        (None, False),
    ],
)
def test_a_piece_is_alike_if_it_has_most_names_of_a_whole_one(
    piece: bytes | None, alike: bool
) -> None:
    assert learned(b'{"id": 1, "title": "x", "body": "y"}').alike(piece) is alike
