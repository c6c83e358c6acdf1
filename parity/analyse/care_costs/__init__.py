"""What a unit of social care costs councils, and the balance of care in homes and in the community."""
