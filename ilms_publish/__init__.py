"""ILMS Publish: international labour migration statistics, published with their caveats."""

__version__ = "0.1.0"
