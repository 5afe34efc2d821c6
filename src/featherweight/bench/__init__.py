"""Measurements of what a learner waits for."""
