"""Questionnaires: a workbook that a country fills in, made from the structure, and its way back into the package."""
