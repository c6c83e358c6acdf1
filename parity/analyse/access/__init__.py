"""Access: people in contact with services, and those with a condition who are not treated."""
