"""Reading: an answer of any route becomes a page, or an outcome that says why it is none."""
