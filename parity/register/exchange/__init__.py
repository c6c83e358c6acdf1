"""Registers out and in as sheets: a template, an export, and an upload that is looked at before it is taken in."""
