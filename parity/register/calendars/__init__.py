"""The dated things of a programme as a calendar feed, for one person."""
