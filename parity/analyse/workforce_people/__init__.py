"""The people of the workforce: who they are, how many may soon retire, and what they are trained in."""
