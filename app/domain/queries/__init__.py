"""Reads that several callers need; they may look at the whole chain."""
