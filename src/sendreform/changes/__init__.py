"""What moved between two editions of the data: figures, claims and verdicts, and why."""
