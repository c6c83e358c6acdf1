"""Intake: a programme's folder taken in, all of it or nothing."""
