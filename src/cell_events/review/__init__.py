"""How proposed events are reviewed: decisions, queues, agreement and the random audit; no Qt."""
