"""Imports of publishers' files into the packages."""
