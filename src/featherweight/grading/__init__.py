"""Grading of strangers' notebooks: read as data, run in a sandbox, scored outside."""

import sys

# Below nbformat, jsonschema would build the grammar of addresses in all scripts, which takes it longer than importing
# torch. Without that package it leaves out a check of a format that no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)
