"""Measured comparisons: this engine against what a user would take instead, on one machine."""
