"""The page "The cost of delay": a function for each of its charts, tables and sentences."""
