"""How we calculate: tables and numbers in, tables and numbers out. No Django, no files, no clock, no chance."""
