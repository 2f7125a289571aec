"""Briefings: a comparison and its charts as documents."""
