"""The web workspace: settings, addresses, sign-in, error pages, API root and the server for one person."""
