"""The files that readers take away, read as readers would."""
