"""Service costs: services as they are and as they are to be, and what they cost a year."""
