"""What happens: one function per use case; nothing here knows the web."""
