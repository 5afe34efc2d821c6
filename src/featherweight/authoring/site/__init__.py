"""The book as a static site: executed copies of the solved notebooks, made into pages by Sphinx. Needs no network."""
