"""The exit pack: a whole programme in one file that another instance takes in, and that people can read."""
