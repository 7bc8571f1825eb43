"""Settings in messages: as they are given, without passwords."""

from __future__ import annotations

from workers.settings.shown import flag_of, shown_as, without_password


def test_flags_and_values_in_messages() -> None:
    assert flag_of("num_draft_tokens") == "--num-draft-tokens"
    assert shown_as("--model", "a b") == "--model 'a b'"
    assert shown_as("--stages", ("x", "y")) == "--stages x,y"


def test_no_message_shows_a_password() -> None:
    assert without_password("http://me:pass@host/v1") == "http://...@host/v1"
    assert shown_as("--endpoint", "http://me@host/v1") == "--endpoint http://...@host/v1"
