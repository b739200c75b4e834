"""Published claims and their recomputation; tests of the findings and their verdicts."""
