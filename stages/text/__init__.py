"""What every stage knows of records and prose."""
