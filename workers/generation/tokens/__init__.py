"""Prompts to tokens, tokens under a grammar, and sampling."""
