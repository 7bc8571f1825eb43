"""A run's folder: manifest, input, split, merge, verify and retry."""
