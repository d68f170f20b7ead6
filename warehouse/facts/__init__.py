"""Texts → figures, mentions, promises, each with its place in the text."""
