"""How far to believe what was found: calibration, explanation, evaluation."""
