"""What others publish and bring: one file a publication, and the reader that checks a table against its schema."""
