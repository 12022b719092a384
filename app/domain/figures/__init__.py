"""Figures of social spaces: how they are written in tables of statistics offices, and how they are said in words."""
