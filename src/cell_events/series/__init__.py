"""Which stretches of a curve are abnormal, and of what kind: U-Net and MU-Net for series."""
