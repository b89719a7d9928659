"""The official list of divisions and their outlines: read, checked as a whole, then written."""
