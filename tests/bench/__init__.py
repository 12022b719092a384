"""How fast it is: ratios against the barest thing that does the same, in one run. Nothing here is a test."""
