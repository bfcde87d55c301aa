"""Changing a subject: proposed with all it moves, then saved."""
