"""Normalising: listings and pages become typed frames with language, paragraphs, dateline and publisher."""
