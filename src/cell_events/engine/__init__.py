"""What every network shares: device, training loop, model files, checkpoints, tiles, safe files."""
