"""Everything by which a person or an organisation is reached outside the pages, on one page."""
