"""Intake: paths of digests become archived bytes, named by their SHA-256, and records of what was loaded."""
