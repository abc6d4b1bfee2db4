"""The list of events, and the widgets to look through it and decide."""
