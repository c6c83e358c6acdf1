"""Jobs: what takes a while is done in the background, for the person who asked and nobody else."""
