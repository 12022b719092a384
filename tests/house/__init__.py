"""Tests about the code itself: the house rules, each as a test."""
