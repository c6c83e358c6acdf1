"""Each module is the command of its name."""
