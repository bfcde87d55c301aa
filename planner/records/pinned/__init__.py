"""Protocols and site calendars kept by the hash of their text."""
