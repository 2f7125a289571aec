"""Briefings: what a comparison says, as slides, as a report for the screen or for paper, and as a moving map.

outline.py      what a briefing says: a page a finding, every sentence computed; annex.py: what it rests on;
                pictures.py: charts without their own headlines; bars.py: bars that are drawn natively
slides/         the deck: deck.py (a copy of template.pptx), native_charts.py (charts that PowerPoint draws), tables.py,
                workbook.py (the data behind a chart), reproducible.py (no dates in the file)
html.py         one HTML file (report.html, report.css)
pdf.py          tagged PDF (report.typ)
animation/      one replication on the map, day by day
pack.py         writes them
"""
