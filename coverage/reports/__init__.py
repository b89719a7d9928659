"""Reports: months and years of an area as spreadsheet and PDF, and the bureau's yearly form.

``content`` gathers everything that a report says, once; ``workbook`` and ``paper`` turn it into
files and ask the database nothing, so a file made again is the same to the last byte; ``archive``
keeps both.
"""
