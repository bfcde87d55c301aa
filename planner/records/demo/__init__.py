"""Invented subjects for a first look."""
