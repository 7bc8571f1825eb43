"""Invented records that pairs are judged on: data only, never used in the stages or tests."""
