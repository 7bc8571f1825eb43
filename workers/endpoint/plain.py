"""Texts in which nothing looks like a control token to whatever server reads them.

A server's tokenizer is not known here, and many read control tokens in the text of messages as
such.  So each text that looks like one is parted by a character that isn't seen, and put together
again in what comes back.  Invariant: of every text without that character in it, `restored` gives
back what `defused` was given.
"""

from __future__ import annotations

import re

_PART = "\u2060"  # word joiner: no width, no break
_CONTROL = re.compile(
    r"<(?=\|)"  # <|im_start|>, <|eot_id|> ...
    r"|<(?=[\uff5c/]{0,2}\uff5c)"  # the same with full-width bars
    r"|<(?=/?(?:s|bos|eos|pad|unk|mask|sep|cls|sop|eop|think|tool_call|tool_response|image)>)"
    r"|<(?=(?:start|end)_of_(?:turn|image|audio|text)>|unused\d+>|fim_\w+>)"
    r"|<(?=(?:image|audio)_soft_token>|(?:repo|reponame|filename|file_sep|gh_stars)>)"
    r"|<(?=</?SYS>>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|THINK)\])"
    r"|\[(?=(?:ARGS|CALL_ID|IMG|IMG_BREAK|IMG_END|AUDIO|BEGIN_AUDIO|PREFIX|MIDDLE|SUFFIX)\])"
    r"|\[(?=(?:[gs]?MASK|MODEL_SETTINGS|control_\d+)\])",
    re.IGNORECASE,
)
_THOUGHTS = re.compile(r"\s*<(think|thinking|thought)>.*?(?:</\1>|\Z)", re.DOTALL)


def defused(text: str) -> str:
    """The text, what looks like a control token parted."""
    return _CONTROL.sub(lambda found: found[0] + _PART, text)


def without_thoughts(text: str) -> str:
    """An answer without the thoughts before it, where a server leaves them in."""
    found = _THOUGHTS.match(text)
    return text[found.end() :] if found else text


def restored(text: str) -> str:
    """The text as it was."""
    return text.replace(_PART, "")
