"""The models and the weights they come with."""
