"""Worker processes: how many, how they are started, watched and restarted."""
