"""From other people's tables to a library that scenarios extend: the UN's contributions, and a planner's own holdings.

    tables.py         a file (CSV, Excel, OpenDocument) → rows of cells that know where they stand
    cells.py          a cell → a whole number or a date, or what is wrong with it, by sheet, row and column
    reference.py      people per unit and places of missions: small tables that come with the package
    library.py        missions and what they hold → a library file, its sources and remarks in it
    contributions.py  the UN's table of uniformed contributions → a library; contribution_table.py: its rows
    holdings.py       a planner's own table → a library

Nothing is guessed in silence: what is left out or read in one of two ways is told (`said`), what cannot be read is an
error that names every cell at once. Nothing is fetched from anywhere.
"""
