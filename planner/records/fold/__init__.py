"""From the log to what it says now: subjects as arrays for the engine."""
