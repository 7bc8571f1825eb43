"""What the pairs are worth: the stages on records nobody tuned on, gates, fields, a sheet."""
