"""What every room may use: errors, exit statuses, durable files, terminal text."""
