"""Add security-aware examples to a dataset, and let a model word its pairs better."""
