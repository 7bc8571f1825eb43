"""Texts that say the same: signatures of texts, and which rows of a table are alike."""
