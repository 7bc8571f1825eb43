"""Keep the records that are about security, and say in short what each one is about."""
