"""Shapes: how a document holds its records (lines, arrays, tables, elements, pages)."""
