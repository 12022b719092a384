"""What only a real browser can show: journeys, keyboard, contrast, focus, and that nothing is loaded from elsewhere."""
