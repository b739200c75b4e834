"""Where EHC plans are heading if nothing changes, and how good such a projection has been."""
