"""What people bring: programmes, tables and uploads, and the reader that checks a table against its schema."""
