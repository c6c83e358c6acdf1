"""Backup: everything an instance holds in one encrypted file that any database can take in again."""
