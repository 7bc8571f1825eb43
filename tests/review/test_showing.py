"""Texts cut into pieces, and pairs as the page gets them."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from stages.gates.measures import Span
from stages.manual_reviewer.decision import Decision
from stages.manual_reviewer.note import EDIT
from tests.review_help import HOSTILE, hostile, pair, review_queue
from workers.review.desk import Desk
from workers.review.showing import ShownPair, TextPiece, pieces

TEXT = "a\u202eb 😀 cd\x00 end"


@pytest.mark.parametrize(
    "spans", [(), (Span(0, 4),), (Span(1, 2), Span(2, 9)), (Span(3, 999),), (Span(99, 120),)]
)
def test_the_pieces_of_a_text_are_the_text(spans: tuple[Span, ...]) -> None:
    found = pieces(TEXT, spans)
    assert "".join(piece.text for piece in found) == TEXT
    marked = "".join(piece.text for piece in found if piece.mark)
    assert marked == "".join(TEXT[span.start : span.end] for span in spans)
    assert [piece.odd for piece in found if piece.odd] == ["U+202E", "U+0000"]


def test_marks_count_characters_and_not_what_a_browser_counts() -> None:
    assert pieces("😀😀ab", (Span(2, 3),)) == (
        TextPiece("😀😀"), TextPiece("a", mark=True), TextPiece("b")
    )  # fmt: skip


def test_a_hostile_pair_is_shown_whole(tmp_path: Path) -> None:
    desk = Desk(review_queue(tmp_path, [hostile(1)]))
    desk.take()
    shown = orjson.loads(orjson.dumps(ShownPair.of(desk.item("0:1"))))
    for name in ("instruction", "response"):
        assert HOSTILE in shown[name]["text"]
    assert "".join(piece["text"] for piece in shown["source"]).startswith(HOSTILE * 3)
    assert all(len(piece["text"]) == 1 for piece in shown["source"] if piece["odd"])
    desk.close()


def test_an_edited_pair_shows_both_texts_and_new_marks(tmp_path: Path) -> None:
    desk = Desk(review_queue(tmp_path, [pair(1)]))
    desk.take()
    text = "Update to the fixed version. A long header can let an attacker run code."
    desk.decide("0:1", 0, Decision(EDIT, response=text))
    shown = ShownPair.of(desk.item("0:1"))
    assert shown.response.text == text and shown.state == "edit"
    assert shown.was and shown.was.response.text == pair(1)["response"]
    marked = [piece.text for piece in shown.source if piece.mark]
    assert marked == ["Update to the fixed version"]
    desk.close()


def test_a_long_source_is_cut_and_says_so(tmp_path: Path) -> None:
    data = {**pair(1)["source_data"], "text": "word " * 50_000}
    desk = Desk(review_queue(tmp_path, [pair(1, source_data=data)]))
    desk.take()
    assert ShownPair.of(desk.item("0:1")).cut == 50_000
    desk.close()
