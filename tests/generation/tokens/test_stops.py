"""A stop text is found wherever its tokens begin and end."""

from __future__ import annotations

from pathlib import Path

from mlx_lm.utils import load_tokenizer

from workers.generation.tokens.stops import StopTexts


def test_it_is_found_as_soon_as_it_is_whole(tiny_model: Path) -> None:
    tokenizer = load_tokenizer(tiny_model)
    text = "rotate the crédentials\n\nThe malware writes itself to the folder. " + "low " * 40
    tokens = tokenizer.encode(text, add_special_tokens=False)
    for stop in ("é", "ntials\n\nThe m", " w", "to the folder"):
        stops = StopTexts(tokenizer, ["never", stop])
        ended = next(n for n in range(1, len(tokens)) if stops.ends(tokens[:n]))
        assert stop in tokenizer.decode(tokens[:ended])
        assert stop not in tokenizer.decode(tokens[: ended - 1])
        assert stops.cut(text) == text.split(stop)[0]


def test_the_first_of_several_counts(tiny_model: Path) -> None:
    stops = StopTexts(load_tokenizer(tiny_model), ["b", "a"])
    assert stops.cut("xyabz") == "xy" and stops.cut("xyz") == "xyz"
