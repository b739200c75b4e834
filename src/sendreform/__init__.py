"""An open, reproducible research report on England's SEND system."""
