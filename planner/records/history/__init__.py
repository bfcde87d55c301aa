"""What visits were, what changed, what was known."""
