"""Supply: what services hold for the people of an area, and how far that is from a benchmark."""
