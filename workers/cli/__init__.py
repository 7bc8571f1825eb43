"""Commands: everything a person can start."""
