"""The tokenizer of a model folder, in mlx-lm's wrapper, with an end and a chat template.

mlx-lm's own loader reads tokenizer.json once more for a detokenizer that writes as tokens come,
which nobody here has a use for: with 262,144 tokens that is a third of the time.  Knows folders and
tokenizers.  Invariant: a tokenizer that mlx-lm renders prompts or ends answers for is loaded by it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import mlx.nn as nn
from mlx_lm.tokenizer_utils import TokenizerWrapper
from mlx_lm.utils import load_tokenizer
from transformers import AutoTokenizer

from workers.core.errors import ModelError
from workers.generation.tokens.templates import ChatTemplate
from workers.generation.tokens.token_table import why_no_schemas


def tokenizer_of(
    path: Path,
    model: nn.Module,
    trust_remote_code: bool,
    ends: int | list[int] | None,
    chat_template: str | None,
) -> Any:
    """mlx_lm's TokenizerWrapper, with this chat template if it is given one.

    `ends` are the tokens that the model's config ends texts with.  Raises whatever transformers
    raises for a folder that it can't read.
    """
    how: dict[str, Any] = {"trust_remote_code": trust_remote_code}
    if chat_template is not None:
        how["chat_template"] = chat_template
    inner: Any = AutoTokenizer.from_pretrained(path, **how)
    if not _needs_mlx_lm(inner, model):
        return TokenizerWrapper(inner, eos_token_ids=[ends] if isinstance(ends, int) else ends)
    tokenizer: Any = load_tokenizer(path, how, eos_token_ids=ends)
    if chat_template is not None:
        tokenizer._chat_template = None  # in Python, which would come first
    return tokenizer


def _needs_mlx_lm(inner: Any, model: nn.Module) -> bool:
    """Whether mlx-lm has a chat template in Python, or end tokens, for such a model."""
    module = sys.modules.get(type(model).__module__)
    return "chat_template_type" in inner.init_kwargs or hasattr(module, "TOKENIZER_DEFAULTS")


def check_template(path: Path, tokenizer: Any) -> None:
    """Raise ModelError for a tokenizer whose chat template is none, or can't be used."""
    if not tokenizer.has_chat_template:
        raise ModelError(
            f"model {path} has no chat template: use an instruct model, or give one with "
            "--chat-template FILE"
        )
    try:
        ChatTemplate(tokenizer).check()
    except ModelError as error:
        first_line = str(error).splitlines()[0]
        raise ModelError(
            f"model {path}: {first_line}; give another with --chat-template FILE"
        ) from error


def check_schemas(path: Path, tokenizer: Any) -> None:
    """Raise ModelError for a tokenizer with which no answer can be held to a schema."""
    reason = why_no_schemas(getattr(tokenizer, "_tokenizer", tokenizer))
    if reason is not None:
        raise ModelError(f"model {path}: answers under a schema need another tokenizer: {reason}")


def end_with_turns(tokenizer: Any) -> None:
    """Let answers end with what the template ends a turn with, whether a file lists it or not."""
    after = ChatTemplate(tokenizer).after_an_answer().strip()
    tokens = tokenizer.encode(after, add_special_tokens=False) if after else []
    if tokens and tokens[0] in set(tokenizer.get_added_vocab().values()):
        tokenizer.add_eos_token(str(tokens[0]))
