"""Packed forward passes: many sequences' tokens in one pass, and the KV cache behind them."""
