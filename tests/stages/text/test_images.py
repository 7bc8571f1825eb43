"""An image leaves no hole in a sentence, and nothing anywhere else."""

from __future__ import annotations

import pytest

from stages.text.clean import clean_text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("It loops, as\n![Figure 2: Loop](loop.png) shows.", "It loops, as\nFigure 2: Loop shows."),
        ("It loops, as ![Figure 2](loop.png) shows.", "It loops, as Figure 2 shows."),
        ("It loops, see ![](loop.png) and the log.", "It loops, see the image and the log."),
        ("It loops, see ![img](loop.png).", "It loops, see the image."),
        ("Press the ![b.png](b.png) button, **not** Stop.", "Press the image button, not Stop."),
        ("It loops, see [![Loop](l.png)](https://bear.example).", "It loops, see Loop."),
        ("It loops, as ![Figure 2][L] shows.\n\n[L]: https://bear.example/l.png\n",
         "It loops, as Figure 2 shows."),
        ('<p>It loops, as <img alt="Figure 2" src="l.png"> shows.</p>',
         "It loops, as Figure 2 shows."),
        ("It loops. ![Figure 2](loop.png) It ends.", "It loops. It ends."),
        ("It loops as follows: ![Figure 2](loop.png)", "It loops as follows:"),
        ('<p>It loops.</p><img alt="Figure 2" src="l.png"><p>It ends.</p>', "It loops.\nIt ends."),
    ],
)  # fmt: skip
def test_an_image_is_told_where_a_sentence_needs_it(text: str, clean: str) -> None:
    """Answers said "as shows." and "See and the log."."""
    assert clean_text(text) == clean
