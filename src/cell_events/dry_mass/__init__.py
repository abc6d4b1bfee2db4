"""Dry mass: from phase to picograms, which cells grow unlike the rest, and the expert's review."""
