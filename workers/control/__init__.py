"""The coordinator's loop: intake, flow between stages, supervision of the pool."""
