"""The mitosis pipeline M1-M2-M3: cell map, event lengths, detector (Phan et al. 2019)."""
