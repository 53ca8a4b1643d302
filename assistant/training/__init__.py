"""From data to the numbers that ship."""
