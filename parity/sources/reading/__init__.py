"""How official files are read: fetched, opened, their columns named, their signs for missing numbers understood."""
