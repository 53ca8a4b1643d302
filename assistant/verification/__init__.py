"""Whether a sentence is what the articles say."""
