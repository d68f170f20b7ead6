"""Checks: the star becomes findings, and its history becomes observations."""
