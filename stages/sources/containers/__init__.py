"""Containers: what one or several documents are packed in (gzip, zstd, bzip2, xz, zip, tar)."""
