"""The catalog (the truth) and the two indexes that can be rebuilt from it."""
