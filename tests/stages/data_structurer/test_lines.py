"""Broken lines become one, and lines that say something of their own stay."""

from __future__ import annotations

import pytest

from stages.data_structurer.lines import as_lines, is_talk, with_code

BROKEN = "The thief who took the ropes of all the ships in the port came by"


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        (f"{BROKEN}\nnight.", f"{BROKEN} night."),
        (f"{BROKEN}\nnight.\n- a rope\n- a lamp", f"{BROKEN} night.\n- a rope\n- a lamp"),
        ("It ran this:\nrm -rf /srv/ropes", "It ran this:\nrm -rf /srv/ropes"),
        ("09:02 A rope of the pier breaks\n09:04 All of the ships drift", None),
        ("09:02 A rope broke.\n09:04 It was mended.\nnext: ask the crew who saw it.", None),
        ("9 May: a rope of the pier broke.\n2099-05-10 It was mended by the crew.", None),
        ("09:02 (Bo) The rope of the pier broke.\n11:10 (Ida) The crew has mended it.\n"
         "04/03 (Bo) Told the owner of it.", None),
        ("05-09 11:20 (Bo) The rope of the pier broke.\n05-09 11:42 It is whole again.", None),
        ("pier: 1; state: the rope is cut.\npier: 2; cut?: not by anybody.", None),
        ("It was noticed by the crew at\n09:02 in the morning of a day.",
         "It was noticed by the crew at 09:02 in the morning of a day."),
        ("Background: ropes break in all ports.\nMethods: we asked the crews.\nResults: they do.",
         None),
        ("The rope is whole.\n\nReported-by: Ida Pell (of the pier)\nROPE-12\nFixes: #7", None),
        ("09:02 ida: the rope of the pier is cut\n--- this is the end of the log ---", None),
        ("if rope:\n    cut(rope)\n    run()", None),
        # Entries of a log, glued together, are none of it.
        ("pier.log 11:02:41 the rope is cut by somebody else -> the crew calls again with none\n"
         "pier.log 11:02:42 the rope is whole", None),
    ],
)  # fmt: skip
def test_lines(said: str, lines: str | None) -> None:
    assert as_lines(said) == (said if lines is None else lines)


def test_code_of_an_item_stands_within_it() -> None:
    """At the edge it looks like a step of its own."""
    code = ["if (wet) {", "  rope.freeze();", "}"]
    assert with_code(["- Freeze the rope:", *code, "Ropes get wet"]) == [
        "- Freeze the rope:\n  if (wet) {\n    rope.freeze();\n  }",
        "Ropes get wet.",
    ]


def test_no_full_stop_touches_a_command_of_plain_words() -> None:
    """Whoever copies it would stop "spooler.", which there is not."""
    assert with_code(["Stop the queue first", "run net stop spooler"]) == [
        "Stop the queue first.",
        "run net stop spooler",
    ]


@pytest.mark.parametrize(
    ("said", "talk"),
    [
        ("Date: 9 May\nReporter: Ida Pell\n\nA rope of the pier was cut.", False),
        ("Summary: A rope was cut.\nImpact: A ship is gone.\nRemediation: It was mended.", False),
        ("Rope: cut by night\nPier: north\nSource IP: 203.0.113.9\n\nIt was cut.", False),
        ("Ida: was it you\nBo: no\nRue: ask Ida\n\nIda: the rope is whole.", True),
        ("Analyst: Who was it?\nAuthor: Not me.\nAnalyst: Who then?\nAuthor: Bo.", True),
        ("ida: Who was it?\nbo: Not me.\n\nThe rope was mended at noon.", True),
    ],
)
def test_names_of_fields_are_no_speakers(said: str, talk: bool) -> None:
    """A report with two lines such as "Date: ..." was taken for a short talk, and lost."""
    assert is_talk(said) is talk


def test_what_is_done_and_what_is_open_are_told_apart() -> None:
    done = (
        "done: all of the ropes are new. The crew has counted them twice.\nIda saw them by night."
    )
    still = "open: who has cut the old ropes of the pier?"
    assert as_lines(f"{done}\n{still}") == f"{done.replace(chr(10), ' ')}\n{still}"
