"""The store: an append-only log of facts about subjects, and everything that follows from it."""
