"""Grades in the forms that spreadsheets, learning platforms and other graders read."""
