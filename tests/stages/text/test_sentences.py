"""Sentences end in every script; texts are trimmed to whole ones."""

from __future__ import annotations

from time import process_time

import pytest

from stages.text.sentences import first_sentences, is_whole, sentence_ends, tidy, trim_to_sentence


@pytest.mark.parametrize(
    ("text", "first"),
    [("存在漏洞。请更新。", "存在漏洞。"), ("本当ですか？はい。", "本当ですか？"),
     ("هل هو آمن؟ نعم.", "هل هو آمن؟"), ("यह एक दोष है। अद्यतन करें।", "यह एक दोष है।"),
     ("「安全です。」と言う。", "「安全です。」"),
     ("本論文は版２．０の脆弱性を示す．攻撃者は読める．", "本論文は版２．０の脆弱性を示す．"),
     ("It is bad. Update.", "It is bad."),
     ("In version 1.2.3, e.g. here. End of it.", "In version 1.2.3, e.g. here.")],
)  # fmt: skip
def test_first_sentence(text: str, first: str) -> None:
    assert first_sentences(text, 1) == first
    assert len(sentence_ends(text)) == 2 and is_whole(text) and not is_whole(text[:-1])


@pytest.mark.parametrize(
    "text",
    ["Yahoo! Messenger allows attackers in.",
     "Joomla! before the May release allows remote attackers in.",
     "A flaw in Yahoo! Messenger allows remote attackers in.",
     "Is it safe? no, says the vendor.", "D-Link DIR-645 Rev. B is open to attackers.",
     "The group, a.k.a. Foo, attacks.", "All (incl. Foo) are hit.", "Since Sept. 2030 it runs.",
     "It is No. 7 of them.", "The Dept. of Energy was hit.", "Foo Co. was hit by it.",
     "Smith v. Jones was a case.", "Fixed. The flaw let attackers in.",
     "All servers at St. Vincent Hospital stood still.", "In 2014 Mt. Gox lost all.",
     "It is tight w.r.t. the number of bugs.", "One is in Calif. last year.",
     "It takes min. 8 letters.", "The King Jr. Hospital was hit."],
)  # fmt: skip
def test_one_sentence(text: str) -> None:
    assert sentence_ends(text) == [len(text)]


@pytest.mark.parametrize(
    "text",
    ["Update it now! The flaw is used.", "The answer is no. They have none.",
     "Really.\nIt is so.", "Attackers got in. Why?", "Update it. The router is open.",
     "The router is open. Update it.", "It was sold to Foo Inc. The thieves knew.",
     "They came at 3 p.m. It was dark.", "It reads all arguments. memcpy writes behind them.",
     "It reads data. iOS is safe."],
)  # fmt: skip
def test_two_sentences(text: str) -> None:
    assert len(sentence_ends(text)) == 2


@pytest.mark.parametrize(
    ("text", "tidied"),
    [("One is here. Two is th", "One is here."), ("One is here and goes on for long", ""),
     ("It is so", "It is so."), ("It is so,", "It is so."), ("", ""), ("...", ""),
     ("A flaw is here. A flaw is here.", "A flaw is here."),
     ("A flaw is here. Oh no. It is bad here now.", "A flaw is here. It is bad here now."),
     ("The rest is cut off here, as the...", ""),
     ("A, which is a part of B, which is a part of C.", "")],
)  # fmt: skip
def test_tidy(text: str, tidied: str) -> None:
    assert tidy(text, 22 if text.startswith("One") else 100) == tidied


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [("One. Two", "One."), ("One. Two.", "One. Two."), ("No end", "No end"), ("", ""),
     ('He said "no." Then', 'He said "no."'), ("Use v1.2 of it. And", "Use v1.2 of it."),
     ("First.\n1. Then\n2.", "First.\n1. Then\n2."), ("What? Yes! N", "What? Yes!")],
)  # fmt: skip
def test_trim_to_sentence(text: str, trimmed: str) -> None:
    assert trim_to_sentence(text) == trimmed


def test_first_sentences_takes_one_at_least() -> None:
    assert first_sentences("A is b. C is d. E is f. G is h.") == "A is b. C is d. E is f."
    assert first_sentences("x" * 900 + ". Next.") == "x" * 900 + "."
    assert first_sentences("no end at all") == "no end at all"
    assert is_whole("Yes.") and not is_whole("Yes, e")


@pytest.mark.parametrize("end", "။ ។ ᠃ ۔ ። ꓿ ᱾ ꯫ ܁".split())
def test_scripts_end_sentences_by_their_own_full_stops(end: str) -> None:
    """A Burmese report was one sentence, too long to be told."""
    text = f"ABC DEF GHI{end} JKL MNO PQR{end}"
    assert sentence_ends(text) == [12, 25] and is_whole(text)


@pytest.mark.parametrize(
    "text",
    [
        "Whoever types a . (dot) behind a name reads the folder above it.",
        "A name that holds a . or a ! in the middle is read as two.",
    ],
)
def test_a_mark_that_a_sentence_tells_of_ends_none(text: str) -> None:
    """Half a sentence says how nothing works."""
    assert sentence_ends(text) == [len(text)]


def test_a_blank_before_a_full_stop_changes_nothing() -> None:
    text = "The gate opens at night . The tide comes in ."
    assert len(sentence_ends(text)) == 2


def test_a_long_text_is_split_in_time_that_grows_with_its_length() -> None:
    """A report of 200 KB took three seconds, and one of 1 MB a minute."""
    begun = process_time()
    assert len(sentence_ends("The gate opens at night. " * 32000)) == 32000
    assert process_time() - begun < 15
