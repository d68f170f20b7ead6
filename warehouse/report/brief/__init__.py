"""The brief of a day: what was published, edited, gone and missing, as a page of HTML and as Markdown.

Every question is a file of `sql/report/brief/`; it is asked of releases of one day, so its cost follows the day and
not the warehouse. The modules, each importing only those before it:

- `quote`: the sentence of a text that a statement comes from.
- `calendar`: days by Kazakhstan's clock, and which of them to tell of.
- `gather`: everything the brief tells, read from the warehouse.
- `words`: the sentences in which page and Markdown say the same.
- `charts`: charts as SVG that follow the page's colours.
- `tiles`: the regions as a map of tiles.
- `page`: the page of HTML, in one file, with nothing to load.
- `markdown`: the same in short, for Prefect's UI.
- `edition`: choose the day, gather, write the file.
"""
