"""Asks the Department's statistics service what is new, and downloads it."""
