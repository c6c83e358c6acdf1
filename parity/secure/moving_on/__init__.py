"""People who move on, followed: how far each step has come, and who still lives there after months."""
