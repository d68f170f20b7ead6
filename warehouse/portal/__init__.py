"""gov.kz: an address to visit becomes an archived answer, and an answer becomes a page."""
