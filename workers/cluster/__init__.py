"""Other machines on one run, over Dask: the bridge here, and what hosts the run over there."""
