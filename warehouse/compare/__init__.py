"""Comparison: two texts become an edit, or the relation between a digest and a page."""
