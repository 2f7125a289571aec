"""What goes out to other tools: tables, a workbook, places and journeys for maps, a description for a deposit."""
