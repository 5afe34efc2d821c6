"""Lessons become workbooks: one hand-edited source, a solved notebook and a learner's notebook made from it."""
