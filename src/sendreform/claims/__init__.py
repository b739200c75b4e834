"""Published claims and their recomputation; tests of the findings and the rules of their verdicts."""
