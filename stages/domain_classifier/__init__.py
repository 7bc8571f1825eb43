"""Name the security domains of a record, each with a confidence, the surest first."""
