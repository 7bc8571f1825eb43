"""Turn a record into question and answer pairs that fit what the record is."""
