"""Hostile input in every form we could think of: told and located, or shown as the text it is."""
