"""Words as gates compare them: stems, content words, negations, ROUGE-L."""

from __future__ import annotations

import pytest

from stages.gates.words import content_words, longest_common, negated, rouge_l, stem, tokens


@pytest.mark.parametrize(
    "forms",
    [("inject", "injects", "injected", "injecting", "injection", "injections"),
     ("attack", "attacker", "attackers", "attacked"), ("verify", "verifies", "verified"),
     ("steal", "stealing", "steals"), ("organize", "organise", "organization"),
     ("scan", "scans"), ("validate", "validates", "validation"), ("user", "user's")],
)  # fmt: skip
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1, [stem(form) for form in forms]


def test_different_words_stay_different() -> None:
    words = ["access", "process", "policy", "police", "protocol", "registry", "region", "update"]
    assert len({stem(word) for word in words}) == len(words)


def test_content_words_leave_out_what_means_nothing() -> None:
    assert content_words("It is the flaw in which a user can use it.") == ["flaw", "user"]
    assert content_words("攻撃者 читает 5") == ["攻", "撃", "者", "читает", "5"]


def test_tokens_are_lower_case_and_keep_apostrophes() -> None:
    assert tokens("Don’t run spool.dll's CODE_PATH!") == [
        "don't", "run", "spool", "dll's", "code", "path"
    ]  # fmt: skip


def test_a_negation_comes_with_what_it_negates() -> None:
    assert negated("The product does not properly check the length.") == [("not", "check")]
    assert negated("It can't be run without an account.") == [("not", "run"), ("no", "account")]
    assert negated("Users read mail.") == []


def test_rouge_l_is_the_f1_of_the_longest_common_subsequence() -> None:
    one, two = "police killed the gunman".split(), "police kill the gunman".split()
    assert longest_common(one, two) == 3
    assert rouge_l(one, two) == pytest.approx(0.75)
    assert rouge_l(one, one) == 1 and rouge_l(one, []) == 0 == rouge_l([], [])
