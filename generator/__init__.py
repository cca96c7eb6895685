"""factsheet: static fact-sheet sites from curated, quoted facts."""

__version__ = "0.1.0"
