"""The tie-out: published figures recomputed, and where what was printed does not follow from its inputs."""
