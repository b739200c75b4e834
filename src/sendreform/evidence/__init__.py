"""Pure functions, a module per question: tables in, table or number out."""
