"""Metric lines as they are written and read, the phase clock, and their totals."""
