"""Let a person accept, edit or reject each pair."""
