"""Grading of strangers' notebooks: read as data, run in a sandbox, scored outside."""
