"""Long texts in parts: nothing lost, each part within the bound, ids and titles kept."""

from __future__ import annotations

from math import ceil

import pytest

from stages.base import Record
from stages.text.facts import facts_of, stated_actions
from stages.text.kinds import identify
from stages.text.parts import MOST_CHARACTERS, estimated_tokens, part_records, parts_of
from stages.text.record_text import read_record

SENTENCE = "The attackers moved through the network and copied files to their own server. "
SECTIONS = "\n".join(f"Section {n}:\n{SENTENCE * 20}" for n in range(12))


@pytest.mark.parametrize(
    "text",
    [SECTIONS, SENTENCE * 500, "x" * 30_000, "漏洞描述。" * 3_000, "词" * 9_000, "word " * 9_000,
     "\n".join([SENTENCE] * 400)],
)  # fmt: skip
def test_parts_hold_all_of_a_text_and_fit_the_bound(text: str) -> None:
    parts = parts_of(text, 1_000)
    assert len(parts) > 1
    assert all(estimated_tokens(part.text) <= 1_000 for part in parts)
    assert "".join("".join(part.text.split()) for part in parts) == "".join(text.split())


@pytest.mark.parametrize("apart", [" ", "\n", "\n\n"])
@pytest.mark.parametrize("length", [6_100, 9_000, 12_500, 35_000])
def test_parts_can_be_told_whole_and_are_of_about_one_size(apart: str, length: int) -> None:
    """A text of 35,000 characters was told to an eighth, since no part of it was short enough."""
    text = apart.join(f"On night {n} the thief took the ropes of {n} ships." for n in range(900))
    text = text[: text.rindex(".", 0, length) + 1]
    sizes = [len(part.text) for part in parts_of(text)]
    assert max(sizes) <= MOST_CHARACTERS and len(sizes) == ceil(len(text) / MOST_CHARACTERS)
    assert min(sizes) > 0.8 * max(sizes)
    assert all(part.text.endswith(".") for part in parts_of(text))


def test_a_text_that_can_be_told_whole_stays_whole() -> None:
    assert len(parts_of("Größe ".ljust(MOST_CHARACTERS, "ä"))) > 1  # each of these may be tokens
    assert len(parts_of(("Die Größe der Schäden wächst. " * 300)[:MOST_CHARACTERS])) == 1


def test_a_part_seldom_begins_with_a_sentence_that_leans_on_the_one_before() -> None:
    told = "Ben lost the rope number {} of the pier. It was found again by night in the harbour. "
    parts = parts_of("".join(told.format(n) for n in range(200)))
    assert len(parts) > 2 and not any(part.text.startswith("It ") for part in parts)


def test_a_part_of_several_sections_names_the_first_and_the_last() -> None:
    """Its question named one section, and its answer told three."""
    text = "\n\n".join(f"Pier {name}\n\n{SENTENCE * 25}" for name in "ABCDEF")
    assert [part.heading for part in parts_of(text)] == ["Pier A – Pier C", "Pier D – Pier F"]


def test_the_first_part_of_a_titled_text_names_its_first_section_too() -> None:
    """Asked for "Pier C", a user got Piers A to C."""
    piers = "\n\n".join(f"## Pier {name}\n\n{SENTENCE * 25}" for name in "ABCDEF")
    record: Record = {"title": "Piers of the North", "body": f"# Piers of the North\n\n{piers}"}
    titles = [part["title"] for part in part_records(record, read_record(record))]
    assert titles == [
        "Piers of the North, part 1 of 2: Pier A – Pier C",
        "Piers of the North, part 2 of 2: Pier D – Pier F",
    ]


def test_a_part_keeps_its_number_where_the_title_is_long() -> None:
    """A title of 115 characters was too long with the number behind it, and so went unused."""
    record: Record = {"title": "Ropes of the harbour " * 5 + "and piers", "body": SENTENCE * 100}
    titles = [part["title"] for part in part_records(record, read_record(record))]
    assert all(len(title) <= 120 for title in titles)
    assert [title[-13:] for title in titles] == [", part 1 of 2", ", part 2 of 2"]


def test_a_short_text_is_one_part_as_it_is() -> None:
    assert [part.text for part in parts_of("A flaw.\n\nMore.")] == ["A flaw.\n\nMore."]


def test_a_part_begins_at_a_heading_and_names_it() -> None:
    parts = parts_of(SECTIONS, 1_000)
    assert all(part.text.startswith(f"{part.heading}:\n") for part in parts)


RULE = 'rule Foo {\n    strings:\n        $a = "evil"\n\n    condition:\n        $a\n}'
PYTHON = "def f(x):\n    if x:\n        return 1\n    else:\n        return 2"


@pytest.mark.parametrize(
    "code", [RULE, PYTHON, "Foo:\n  Bar:\n    - x", "condition:\n$a", "else:\nx"]
)
@pytest.mark.parametrize("sentences", range(16, 38, 3))
def test_a_part_begins_at_no_line_of_code_and_keeps_indentation(code: str, sentences: int) -> None:
    """A part was once called "strings", another one "else"."""
    text = f"{SENTENCE * sentences}\n\n{code}\n\n{SENTENCE * 30}"
    parts = parts_of(text, 1_000)
    assert len(parts) > 1 and not any(part.heading for part in parts)
    assert any(code in part.text for part in parts)


@pytest.mark.parametrize("is_read", [True, False])
def test_the_records_of_parts_keep_ids_titles_and_facts(is_read: bool) -> None:
    record: Record = {"id": "CVE-2099-0001", "title": "Flaw", "severity": "HIGH", "url": "https://e.org",
              "description": SECTIONS}  # fmt: skip
    if is_read:
        record = {"text": SECTIONS, "title": "Flaw", "kind": "vulnerability", "id": "CVE-2099-0001",
                  "source": "NVD", "severity": "HIGH", "original": record}  # fmt: skip
    parts = part_records(record, read_record(record), 1_000)
    assert [part["part"]["number"] for part in parts] == list(range(1, len(parts) + 1))
    for part in parts:
        found = identify(part)
        assert (found.kind, found.id) == ("vulnerability", "CVE-2099-0001")
        assert found.name.startswith("Flaw, part ") and part["part"]["heading"] in found.name
        assert facts_of(part, ("Severity",)) == "Severity: HIGH."
        assert len(str(part)) < 6_000
    texts = [" ".join(read_record(part).bodies).split() for part in parts]
    assert sum(texts, []) == SECTIONS.split()


def test_the_first_part_has_the_advice_that_is_no_part_of_the_text() -> None:
    """A solution of 720 characters was once lost."""
    advice = "Update Foo to 1.1. " + "Then restart each service of the host by the list. " * 12
    endless = "Remove the rule. " * 400
    record: Record = {"id": "CVE-2099-0001", "description": SECTIONS, "solution": advice,
                      "detection": endless, "signs": "x" * 5_000}  # fmt: skip
    first, *others = part_records(record, read_record(record), 1_000)
    assert stated_actions(first) == [advice.strip()]
    assert facts_of(first, ("Detection",)) == "Detection: Remove the rule. Remove the rule."
    assert 3_900 < len(first["original"]["detection"]) <= 4_000
    assert "signs" not in first["original"]
    assert others and not any(stated_actions(part) for part in others)


def test_a_short_record_stays_itself() -> None:
    record = {"text": "A flaw.", "x": 1}
    assert part_records(record, read_record(record)) == [record]


def test_a_part_is_not_cleaned_again() -> None:
    """Code that has lost its marks is Markdown the second time."""
    code = "# Stop it\nx = **table[idx]**\n> redirect *a* b"
    prose = "The botnet spreads over SMB and steals passwords of its victims. " * 40
    record = {"title": "Foo", "text": f"{prose}\n\n```\n{code}\n```\n\nThe end."}
    read = read_record(record)
    parts = part_records(record, read, 400)
    again = "\n".join("\n".join(read_record(part).bodies) for part in parts)
    assert len(parts) > 2 and again.endswith(f"{code}\n\nThe end.")


def test_a_part_keeps_its_paragraphs_apart() -> None:
    """Readers cut what they tell at blank lines: a report without them gave no pair at all."""
    paragraphs = [f"{SENTENCE}\nIn week {n} it was quiet." for n in range(60)]
    parts = parts_of("\n\n".join(paragraphs), 1_000)
    assert len(parts) > 1
    assert "\n\n".join(part.text for part in parts).replace(" \n", "\n") == "\n\n".join(
        one.replace(" \n", "\n") for one in paragraphs
    )


def test_a_line_that_is_cut_stays_one_line() -> None:
    """A paragraph of an export without line breaks was told with a line for each sentence."""
    assert not any("\n" in part.text for part in parts_of(SENTENCE * 500, 1_000))
    assert (
        "".join(part.text for part in parts_of("漏洞描述。" * 3_000, 1_000)) == "漏洞描述。" * 3_000
    )


@pytest.mark.parametrize("length", range(14, 26))
def test_broken_lines_are_parted_behind_a_full_stop(length: int) -> None:
    """A part of a text with lines as long as a page is wide began in the middle of a sentence."""
    words = (SENTENCE * 120).split()
    lines = [" ".join(words[at : at + length]) for at in range(0, len(words), length)]
    parts = parts_of("\n".join(lines), 1_000)
    if any(line.endswith(".") for line in lines[10:40]):
        assert all(part.text.startswith("The attackers") for part in parts)
    paragraphs = ["\n".join(lines[at : at + 7]) for at in range(0, len(lines), 7)]
    starts = {one.split("\n")[0] for one in paragraphs}
    parts = parts_of("\n\n".join(paragraphs), 1_000)
    assert len(parts) > 1 and all(part.text.split("\n")[0] in starts for part in parts)


def test_a_heading_is_never_the_last_line_of_a_part() -> None:
    for size in range(3, 9):
        said = f"{(SENTENCE * size).strip()}\n\n{SENTENCE.strip()}"
        text = "\n\n".join(f"Week {n}:\n\n{said}" for n in range(40))
        parts = parts_of(text, 1_000)
        assert len(parts) > 1 and not any(part.text.endswith(":") for part in parts)
        at = [text.index(part.text[:60]) for part in parts if part.text.startswith("Week")]
        begun = [one.heading.partition(" – ")[0] for one in parts if one.text[:4] == "Week"]
        assert at == [text.index(f"{one}:") for one in begun]


def test_a_heading_that_says_the_title_again_is_not_said_again() -> None:
    record: Record = {"title": "Harbour", "body": f"Harbour:\n\n{SENTENCE * 100}"}
    first, *_ = part_records(record, read_record(record), 1_000)
    assert first["title"].startswith("Harbour, part 1 of ")
    assert not first["title"].endswith(": Harbour")
