"""Drills: a served warehouse, what can befall it, and how it comes out of it. `make drill`, `make soak`."""
