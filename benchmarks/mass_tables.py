"""Markdown tables of what `mass_anomalies.py` found: means over seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from mass_scorers import WAYS

from cell_events.dry_mass.detection_quality import Share
from cell_events.dry_mass.threshold import DEFAULT_VALUES
from cell_events.simulation import MASS_ANOMALIES

Results = dict[str, dict]


def quality_table(
    results: Results, sets: Sequence[str], ways: Sequence[str], prevalence: float
) -> str:
    """AP, best recall, and precision/recall at each way's own threshold, for each set."""

    def cell(runs: list[dict], way: str) -> str:
        ap = np.array([run["ap"] for run in runs])
        recall = np.mean([run["best_recall"] for run in runs])
        return f"{ap.mean():.2f} ± {ap.std():.2f}, {recall:.2f}, {_at_rule(runs, WAYS[way].rule)}"

    header = f"\nAP ± sd, R@.966, P/R at the threshold; {prevalence:.0%} abnormal\n"
    return header + _table(results, sets, ways, prevalence, cell)


def prevalence_table(
    results: Results, sets: Sequence[str], ways: Sequence[str], prevalences: Sequence[float]
) -> str:
    """AP and precision/recall at each prevalence."""
    columns = sorted(prevalences)
    lines = [
        "\nAP, P/R by prevalence\n",
        _row("set", "way", *(f"{share:.0%}" for share in columns)),
    ]
    lines.append(_row(*["---"] * (2 + len(columns))))
    for name in sets:
        for way in ways:
            found = [_runs(results, name, share, way) for share in columns]
            if sum(map(bool, found)) > 1:
                lines.append(_row(name, way, *(_ap_and_rule(runs, way) for runs in found)))
    return "\n".join(lines)


def _ap_and_rule(runs: list[dict], way: str) -> str:
    if not runs:
        return "-"
    ap = np.mean([run["ap"] for run in runs])
    return f"{ap:.2f}, {_at_rule(runs, WAYS[way].rule, interval=False)}"


def rules_table(results: Results, sets: Sequence[str], way: str, prevalence: float) -> str:
    """Precision/recall of one way by each rule for the threshold."""
    lines = [f"\nP/R of {way} by rule; {prevalence:.0%} abnormal\n", _row("rule", *sets)]
    lines.append(_row(*["---"] * (1 + len(sets))))
    for rule in DEFAULT_VALUES:
        cells = [_runs(results, name, prevalence, way) for name in sets]
        lines.append(_row(rule, *(_at_rule(runs, rule) if runs else "-" for runs in cells)))
    return "\n".join(lines)


def kinds_table(
    results: Results, sets: Sequence[str], ways: Sequence[str], prevalence: float
) -> str:
    """Recall of each kind at the way's own threshold, and what the flags say.

    How often the cause named is right, and the share of false flags that mark one or two frames.
    """
    lines = [f"\nRecall of each kind; {prevalence:.0%} abnormal\n"]
    lines.append(_row("set", "way", *MASS_ANOMALIES, "cause right", "false, brief"))
    lines.append(_row(*["---"] * (4 + len(MASS_ANOMALIES))))
    for name in sets:
        for way in ways:
            runs = _runs(results, name, prevalence, way)
            if runs:
                shares = [_kind_recall(runs, WAYS[way].rule, kind) for kind in MASS_ANOMALIES]
                told = [_told(runs, counted) for counted in ("right cause", "brief false flags")]
                lines.append(_row(name, way, *shares, *told))
    return "\n".join(lines)


def _table(
    results: Results,
    sets: Sequence[str],
    ways: Sequence[str],
    prevalence: float,
    cell: Callable[[list[dict], str], str],
) -> str:
    lines = [_row("way (seeds)", *sets), _row(*["---"] * (1 + len(sets)))]
    for way in ways:
        found = [_runs(results, name, prevalence, way) for name in sets]
        seeds = max(len(runs) for runs in found)
        cells = [cell(runs, way) if runs else "-" for runs in found]
        if seeds:
            lines.append(_row(f"{way} ({seeds})", *cells))
    return "\n".join(lines)


def _runs(results: Results, name: str, prevalence: float, way: str) -> list[dict]:
    start = f"{name}|{prevalence:g}|"
    return [
        run for key, run in results.items() if key.startswith(start) and key.endswith(f"|{way}")
    ]


def _at_rule(runs: list[dict], rule: str, interval: bool = True) -> str:
    """Precision/recall over the cells of all seeds, with the interval of the precision."""
    if any(rule not in run["rules"] for run in runs):
        return "-"  # made before there was such a rule
    hits = sum(run["rules"][rule]["hits"] for run in runs)
    precision = Share(hits, sum(run["rules"][rule]["flagged"] for run in runs))
    if not precision.total:
        return "none flagged"
    low, high = precision.interval
    recall = hits / sum(run["abnormal"] for run in runs)
    between = f" ({low:.3f}-{high:.3f})" if interval else ""
    return f"{precision.value:.3f}{between}/{recall:.2f}"


def _kind_recall(runs: list[dict], rule: str, kind: str) -> str:
    runs = [run for run in runs if rule in run["rules"]]
    counts = np.sum([run["rules"][rule]["kinds"].get(kind, [0, 0]) for run in runs], axis=0)
    return f"{counts[0] / max(1, counts[1]):.2f}"


def _told(runs: list[dict], name: str) -> str:
    counts = np.sum([run.get(name, [0, 0]) for run in runs], axis=0)
    return f"{counts[0] / counts[1]:.2f}" if counts[0] else "-"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
