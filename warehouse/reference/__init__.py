"""Reference rows: `seeds/*.csv` become validated frames of publishers, regions, sections and words."""
