"""What a fact is, how it is said, and what may not stand in it."""
