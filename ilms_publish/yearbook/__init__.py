"""The key tables for a yearbook: chosen once, so that a workbook and pages to print say the same."""

from ilms_publish.yearbook.book import workbook
from ilms_publish.yearbook.paper import pages

__all__ = ["pages", "workbook"]
