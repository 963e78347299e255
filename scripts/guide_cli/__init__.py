"""The commands behind scripts/guide."""
