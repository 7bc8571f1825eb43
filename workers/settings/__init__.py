"""A run's settings: flags, environment and YAML, checked once at the edge."""
