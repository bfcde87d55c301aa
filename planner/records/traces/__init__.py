"""What left the planner, and when: no rule reads it and no date hangs on it."""
