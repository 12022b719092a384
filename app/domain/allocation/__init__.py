"""Giving out seats by wishes: what is solved, how, what becomes of it, and why somebody sits where they sit."""
