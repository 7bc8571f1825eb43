"""What people and dashboards see of a run: status, progress, Prometheus, the report."""
