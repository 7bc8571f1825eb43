"""What `report` shows: figures of runs from their logs, as tables and as one HTML page."""
