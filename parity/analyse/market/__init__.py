"""Market: who provides what there is, how much of it stands outside, and how few hold it."""
