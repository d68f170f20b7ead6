"""Reports: rows become words, tables and pictures for people."""
