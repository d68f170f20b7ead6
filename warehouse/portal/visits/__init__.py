"""Visits: what is known of pages becomes a plan of what is due, and a plan becomes archived attempts."""
