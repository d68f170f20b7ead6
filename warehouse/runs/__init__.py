"""Runs: digests, pages or an archive become a loaded, checked and published warehouse, all or nothing."""
