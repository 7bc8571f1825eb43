"""A tokenizer as the grammar library needs it; what takes seconds to read is kept in the cache.

The library reads all of tokenizer.json, its merges too, to have each token's bytes, and cuts texts
by itself.  From the bytes, kept once they are known, it takes a third of that; texts are then cut
by the tokenizer that is loaded anyway.  Knows tokenizers and files.  Invariant: a table is only
used with a tokenizer that cut some telling texts as the library did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import orjson
from llguidance import LLTokenizer, TokenizerWrapper

from workers.core.cache import CachedResult, cache_dir

_FORMAT = 1
_PACKAGES = ("llguidance", "tokenizers", "transformers")
# Where tokenizers with the same tokens differ: blanks, letters in pieces, control tokens.
_TELLING = (
    *('{"a": ["b", 1]}', '"risk_level": "', '", "', " a", "  \n\t a", "a" * 50, "3.14159"),
    *("über 日本語 🙂", "\u2581a \u2581", "<0x0A>", "A's isn't"),
)


@dataclass(frozen=True)
class TokenTable:
    """Each token's bytes, and which are control tokens; no tokens: the library is to read them."""

    tokens: Sequence[bytes]
    special: Sequence[int]

    def to_json(self) -> bytes:
        """The bytes that are kept."""
        tokens = [token.decode("latin-1") for token in self.tokens]
        return orjson.dumps({"tokens": tokens, "special": self.special})

    @classmethod
    def from_json(cls, data: bytes) -> TokenTable:
        """The inverse; raises ValueError, KeyError or TypeError for anything else."""
        found = orjson.loads(data)
        tokens = [str.encode(token, "latin-1") for token in found["tokens"]]
        return cls(tokens, [int(token) for token in found["special"]])


@dataclass(frozen=True)
class _Cutter:
    """What the library asks of a tokenizer that it does not read itself."""

    fast: Any
    tokens: Sequence[bytes]
    special_token_ids: Sequence[int]
    eos_token_id: int
    bos_token_id: None = None

    def __call__(self, text: str) -> list[int]:
        """Tokens of a text; raises TypeError for bytes, which the library tries first."""
        return _cut(self.fast, text)


def grammar_tokenizer(
    tokenizer: Any, known_tokens: int, ends: list[int], model: str = ""
) -> LLTokenizer:
    """The grammar library's form of a fast tokenizer; `model` is the content hash of its model.

    Raises ValueError for one that the library can't read.
    """
    fast = getattr(tokenizer, "backend_tokenizer", None)
    if fast is None:
        raise ValueError("only fast tokenizers can be used")
    fast.no_padding()
    fast.no_truncation()
    read: list[LLTokenizer] = []

    def made() -> TokenTable:
        read.append(_read(fast, known_tokens, ends))
        return _table(read[0], fast)

    table = _kept(made, known_tokens, ends, model) if model and ends else None
    if read:
        return read[0]
    if table is None or not table.tokens:
        return _read(fast, known_tokens, ends)
    cutter = _Cutter(fast, table.tokens, table.special, ends[0])
    return LLTokenizer(TokenizerWrapper(cutter), n_vocab=known_tokens, eos_token=ends)


def _read(fast: Any, known_tokens: int, ends: list[int]) -> LLTokenizer:
    """As `llguidance.hf.from_tokenizer`, which copies it first to turn padding off in the copy:
    with 262,144 tokens that takes 1.6 s of 4.4.  Nobody here pads."""
    return LLTokenizer(fast.to_str(), n_vocab=known_tokens, eos_token=ends)


def _kept(made: Any, known_tokens: int, ends: list[int], model: str) -> TokenTable | None:
    """The table of a model; None while another process makes it."""
    parts = (_FORMAT, *map(version, _PACKAGES), model, known_tokens, ends)
    key = hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
    file = cache_dir() / "tokens" / f"{key}.json"
    return CachedResult(file, made, TokenTable.to_json, TokenTable.from_json).get_now()


def _table(read: LLTokenizer, fast: Any) -> TokenTable:
    """What the library knows of the tokens; none where it cuts texts in another way."""
    special = [token for token in range(read.vocab_size) if read.is_special_token(token)]
    texts = [*_TELLING, *(read.decode_str([token]) for token in special[:3])]
    if any(read.tokenize_str(text) != _cut(fast, text) for text in texts):
        return TokenTable([], [])
    return TokenTable([read.decode_bytes([token]) for token in range(read.vocab_size)], special)


def _cut(fast: Any, text: str) -> list[int]:
    fast.encode_special_tokens = False  # prompts with a record's text are cut with it on
    tokens: list[int] = fast.encode(text, add_special_tokens=False).ids
    return tokens
