"""Spreadsheets in and out: one mechanism for every registry.

An app declares a ``Sheet`` (sheet.py): its columns (columns.py, kinds.py), how rows are found,
compared, checked and written. The rest is written once: reading what offices really have
(files.py, headers.py, reading.py), planning (planning.py), the marked copy (marking.py), templates
and exports (templates.py, exporting.py), the jobs (work.py) and the pages (pages.py).
"""
