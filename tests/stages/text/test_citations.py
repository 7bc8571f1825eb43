"""Citations go where the sentence reads on without them; numbers that mean something stay."""

from __future__ import annotations

import pytest

from stages.text.citations import without_citations


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("It hides (Citation: Example (2030)).(Citation: A)[citation: B] Next.", "It hides. Next."),
        ("It hides.[1][2] Next, it runs [3], says Foo [4].", "It hides. Next, it runs, says Foo."),
        ("As Foo [1] says, it hides [2, 3].\n[1] Foo\n[2] Bar",
         "As Foo says, it hides.\n[1] Foo\n[2] Bar"),
        ("Deny all else [REF-76].", "Deny all else."),
        ("Do the tasks [REF-76] (see [REF-1] and [REF-2]). See [REF-3] for more. End.",
         "Do the tasks. End."),
        ("It leaks (see Figure 2), they say[citation needed].", "It leaks, they say."),
        ("It hides. (Citation: Ex...", "It hides."),
        ("It spreads by mail [4]. It hides in jobs [5] and waits.",
         "It spreads by mail. It hides in jobs and waits."),
        ("It spreads by mail [12, 13] and by shares.", "It spreads by mail and by shares."),
        ("It spreads by mail [1].\n\nReferences\n[1] Velora Labs, On mail.\n[2] Ib.",
         "It spreads by mail."),
        ("It rings. For more information, see the Details section. It is loud.",
         "It rings. It is loud."),
        ("For more information, see the section on bells.",
         "For more information, see the section on bells."),
    ],
)  # fmt: skip
def test_citations(text: str, clean: str) -> None:
    assert without_citations(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "sshd [731]: failed; svchost.exe [812] and exit code [5].",
        "The output is [1] when the check passes, else [2].",
        '{"ids":[1],"x":2} and call(a,[1]), arr[1].x and m[0][2]',
        "It hides.[1] The code is [5] and see [1] for it; as in [2].".replace(".[1]", "."),
        "Foo [7] here, as listed.\n[1] Bar",
        "It sorts with the flag -x [1-9].",
        "It spreads by mail [4] and waits.",
        "sshd [812] let it in and cron [813] ran it on the host.",
        "Only values of the interval [1, 5] and the range [2, 3] pass.",
    ],
)
def test_what_only_looks_like_one(text: str) -> None:
    assert without_citations(text) == text


def test_a_number_that_its_sentence_needs_stays_beside_others() -> None:
    assert without_citations("It hides.[1] As shown in [2], it [3] runs.") == (
        "It hides. As shown in [2], it runs."
    )
