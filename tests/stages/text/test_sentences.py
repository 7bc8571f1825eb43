"""Sentences end in every script."""

from __future__ import annotations

import pytest

from stages.text.sentences import first_sentences, is_whole, sentence_ends


@pytest.mark.parametrize(
    ("text", "first"),
    [("存在漏洞。请更新。", "存在漏洞。"), ("本当ですか？はい。", "本当ですか？"),
     ("هل هو آمن؟ نعم.", "هل هو آمن؟"), ("यह एक दोष है। अद्यतन करें।", "यह एक दोष है।"),
     ("「安全です。」と言う。", "「安全です。」"), ("A flaw. Update.", "A flaw."),
     ("In version 1.2.3, e.g. here. End.", "In version 1.2.3, e.g. here.")],
)  # fmt: skip
def test_first_sentence(text: str, first: str) -> None:
    assert first_sentences(text, 1) == first
    assert len(sentence_ends(text)) == 2 and is_whole(text) and not is_whole(text[:-1])
