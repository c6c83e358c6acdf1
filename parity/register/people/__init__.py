"""People who sign in, and those who act in the record."""
