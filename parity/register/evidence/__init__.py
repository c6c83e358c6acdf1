"""Evidence: what documents state, paraphrased and cited."""
