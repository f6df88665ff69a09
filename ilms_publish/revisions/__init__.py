"""Revisions: what differs between two states of the packages, and whether each difference is declared."""
