"""Whole stories, as residents and staff live them, on both databases and without a browser."""
