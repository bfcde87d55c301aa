"""The database: its tables, opening it, writing to the log, reading it."""
