"""Data quality: what is wrong with the data, what is done about it, and the documents the numbers come from."""
