"""What others publish, one file a publication; and what people bring, read and checked."""
