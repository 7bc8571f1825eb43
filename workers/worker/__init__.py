"""A worker process: its loop, the chunks it has in hand, its heartbeat and log."""
