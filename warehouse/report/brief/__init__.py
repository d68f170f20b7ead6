"""The brief of a day: what was published, edited, gone and missing, as a page of HTML and as Markdown.

Every question is a file of `sql/report/brief/` about the releases of one day, so its cost follows the day and not the
warehouse. The modules, each importing only those before it:

- `quote`: the sentence of a text that a statement comes from.
- `gather`: everything in the brief, read from the warehouse.
- `words`: the sentences that page and Markdown share.
- `charts`: charts as SVG that follow the page's colours.
- `tiles`: the regions as a map of tiles.
- `page`: the page of HTML, one file that loads nothing.
- `markdown`: the same in short, for Prefect's UI, from a template of its own.
- `edition`: choose the day, gather, write the file.
"""
