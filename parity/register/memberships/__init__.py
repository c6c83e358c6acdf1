"""Memberships: who acts for which organisation in which programme, in which role, from when until when."""
