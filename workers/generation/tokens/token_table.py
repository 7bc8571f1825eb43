"""A tokenizer as the grammar library needs it; what takes seconds to read is kept in the cache.

The library reads all of tokenizer.json, its merges too, to have each token's bytes, and cuts texts
by itself.  From the bytes, kept once they are known, it takes a third of that; texts are then cut
by the tokenizer that is loaded anyway.  Knows tokenizers and files.  Invariant: a table is only
used with a tokenizer that cut some telling texts as the library did.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
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

_BLANK = "\u2581".encode()  # a blank, as vocabularies write one
_BYTE = re.compile("<0x([0-9A-F]{2})>")


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

    cut: Callable[[str], list[int]]
    tokens: Sequence[bytes]
    special_token_ids: Sequence[int]
    eos_token_id: int
    bos_token_id: None = None

    def __call__(self, text: str) -> list[int]:
        """Tokens of a text; raises TypeError for bytes, which the library tries first."""
        return self.cut(text)


def grammar_tokenizer(
    tokenizer: Any, known_tokens: int, ends: list[int], model: str = ""
) -> LLTokenizer:
    """The grammar library's form of a tokenizer; `model` is the content hash of its model.

    Raises ValueError for one that the library can't read.
    """
    fast = getattr(tokenizer, "backend_tokenizer", None)
    if fast is None:
        return _of_code(tokenizer, known_tokens, ends)
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
    return _by_table(partial(_cut, fast), table, known_tokens, ends)


def why_no_schemas(tokenizer: Any) -> str | None:
    """Why the grammar library can't use a tokenizer that is code, or None: what it reads by itself
    is not looked at here."""
    if getattr(tokenizer, "backend_tokenizer", None) is not None:
        return None
    try:
        _table_of_code(tokenizer, len(tokenizer))
    except Exception as error:  # the tokenizer's own code may raise anything
        return (str(error).splitlines() or [type(error).__name__])[0]
    return None


def _of_code(tokenizer: Any, known_tokens: int, ends: list[int]) -> LLTokenizer:
    cut = partial(_cut_by_code, tokenizer)
    return _by_table(cut, _table_of_code(tokenizer, known_tokens), known_tokens, ends)


def _table_of_code(tokenizer: Any, known_tokens: int) -> TokenTable:
    """What a tokenizer that no file describes says of its own tokens; raises ValueError where texts
    are not what it says their tokens are."""
    added = tokenizer.added_tokens_decoder.items()
    special = {*tokenizer.all_special_ids, *(token for token, how in added if how.special)}
    units = getattr(tokenizer, "byte_decoder", None)  # of vocabularies that write bytes as letters
    pieces = [tokenizer.convert_ids_to_tokens(token) for token in range(len(tokenizer))]
    tokens = [_bytes_of(piece, units, token in special) for token, piece in enumerate(pieces)]
    for text in _TELLING:
        found = b"".join(tokens[token] for token in _cut_by_code(tokenizer, text))
        if found.replace(_BLANK, b" ") != text.encode().replace(_BLANK, b" "):
            raise ValueError("it is code, and does not say which bytes its tokens stand for")
    return TokenTable([*tokens, *[b""] * (known_tokens - len(tokens))], sorted(special))


def _bytes_of(piece: Any, units: Any, special: bool) -> bytes:
    if not isinstance(piece, str):
        return bytes(piece or b"")
    if byte := _BYTE.fullmatch(piece):
        return bytes([int(byte[1], 16)])
    if units is not None and not special:
        return bytes(units[unit] for unit in piece)
    return piece.encode().replace(_BLANK, b" ")


def _cut_by_code(tokenizer: Any, text: str) -> list[int]:
    tokens: list[int] = tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True)
    return tokens


def _by_table(
    cut: Callable[[str], list[int]], table: TokenTable, known_tokens: int, ends: list[int]
) -> LLTokenizer:
    cutter = _Cutter(cut, table.tokens, table.special, ends[0])
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
