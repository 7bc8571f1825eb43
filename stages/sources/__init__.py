"""Readers for the formats that security data comes in."""
