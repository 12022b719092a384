"""How it is asked for: one package per capability."""
