"""The demo conferences."""
