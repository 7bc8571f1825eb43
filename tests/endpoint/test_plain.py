"""What looks like a control token goes out parted, and comes back whole."""

from __future__ import annotations

import pytest

from workers.endpoint.plain import defused, restored


@pytest.mark.parametrize(
    "token",
    "<|im_start|> <|eot_id|> <s> </s> [INST] [/INST] <<SYS>> <</SYS>> <start_of_turn> <EOS>"
    " <\uff5cUser\uff5c> <think> </think> [THINK] [/THINK] [TOOL_CONTENT] [ARGS] [CALL_ID]"
    " [IMG_END] <start_of_image> <unused5> <fim_prefix> [gMASK] <sop> <tool_response>"
    " <image>".split(),
)
def test_no_control_token_goes_out(token: str) -> None:
    text = f"An {token}{token} in a log"
    out = defused(text)
    assert token not in out and restored(out) == text


def test_other_text_stays() -> None:
    for text in ("<script>alert(1)</script>", "a < b | c > d", "list[index]", "<strong>"):
        assert defused(text) == text
