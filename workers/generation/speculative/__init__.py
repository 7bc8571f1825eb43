"""Speculative decoding over packed batches: drafts, how many of them pay, and their checking."""

from workers.generation.speculative.decoder import SpeculativeDecoder

__all__ = ["SpeculativeDecoder"]
