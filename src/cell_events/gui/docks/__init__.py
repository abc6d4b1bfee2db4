"""The docks of the plugin, and what they have in common."""
