"""What people are told by e-mail, and what a programme hands to webhooks: both follow from the chain of events."""
