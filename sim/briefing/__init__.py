"""Briefings: what a comparison says, as slides, as a report for the screen or for paper, and as a moving map.

outline.py      what a briefing says: a page a finding, every sentence computed; annex.py: what it rests on;
                pictures.py: charts without their own headlines
slides.py       the deck: deck.py (layouts, type), native.py (charts that PowerPoint draws), rows.py (tables),
                steady.py (no dates in the file)
web.py          one HTML file (report.html, report.css)
paper.py        tagged PDF (report.typ)
animation.py    one replication on the map, day by day
pack.py         writes them
"""
