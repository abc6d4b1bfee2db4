"""Readers, writers, samples and commands that the manifest names."""
