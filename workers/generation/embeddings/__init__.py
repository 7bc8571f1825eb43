"""Texts to vectors, with models that are made for it."""
