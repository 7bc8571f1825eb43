"""What the stages say and go by, as YAML that people can change: prompts, questions, bounds."""
