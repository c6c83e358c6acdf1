"""What every stage holds in common: programmes, organisations, people, records and the thread between them."""
