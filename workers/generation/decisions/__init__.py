"""`choose`: one forward pass per text, answered by hidden states or by label words."""
