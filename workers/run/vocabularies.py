"""The tokens of two model folders compared, before either model is loaded.

Knows the tokenizer.json that nearly every model has, no weights and no chat.  Invariant: what can't
be read is no difference; whether a pair fits is found out for good when both are loaded.
"""

from __future__ import annotations

from pathlib import Path


def why_tokenizers_differ(target: Path, draft: Path) -> str:
    """A token that only one of them has, or with another id; "" where none is found."""
    ours, theirs = _vocabulary(target), _vocabulary(draft)
    if ours is None or theirs is None or ours == theirs:
        return ""
    odd, token = min(ours.items() ^ theirs.items(), key=lambda item: (item[1], item[0]))
    return (
        f"their tokenizers differ: {len(ours)} and {len(theirs)} tokens, "
        f"and {odd!r} does not have the id {token} in both"
    )


def _vocabulary(folder: Path) -> dict[str, int] | None:
    """Ids by token; None where there is no tokenizer.json that can be read."""
    from tokenizers import Tokenizer

    file = folder / "tokenizer.json"
    try:
        read = Tokenizer.from_file(str(file))
    except Exception:  # it raises nothing more special
        return None
    vocabulary: dict[str, int] = read.get_vocab(with_added_tokens=True)
    return vocabulary
