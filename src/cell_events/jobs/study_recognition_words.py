"""What the page of `study recognition` says of its tables."""

from __future__ import annotations

from cell_events.jobs.study_recognition import CONTENT_VIEW, CRITERIA, STRATEGIES

LEAKS = (
    "This split leaks: crops were shuffled as in the paper, so that crops of one cell stand on "
    "both sides, and all numbers of crops look better than they are. Events are not judged at "
    "all, since the whole movie was learned from."
)
ABOUT_METRICS = (
    " The first four columns judge crops, as many of each class as of nothing. The others judge "
    "events found in whole frames: AP is the average precision over all thresholds, the rest holds "
    "at 0.5."
)
ABOUT = {
    STRATEGIES: (
        "Letters: A time-arrow features as they are, B features of a random network, C time-arrow "
        "features fine-tuned; digits: 0 linear head, 1 ResNet head. All as in the paper: paint of "
        "more than 40 pixels anywhere in both crops, no rehearsal. Ours: the pyramid head, events "
        "in the middle of the crop, two rehearsals; it is judged by crops with its own labels, and "
        "its scores are shifted for detection, so compare it with the others by events."
    ),
    CRITERIA: (
        "What makes a crop pair an event: paint in both crops or in either one, more than 40 "
        "pixels of it (size filter) or any. Each row is judged by crops with its own labels; "
        "events are the same for all."
    ),
    CONTENT_VIEW: (
        "How much a crop shows: the time-arrow network is trained further for each crop size and "
        "resolution, and tells the order of frame pairs of the other part. Chance is 0.5."
    ),
}
TITLES = {
    STRATEGIES: "Strategies A0 to C1",
    CRITERIA: "Criteria for events",
    CONTENT_VIEW: "Content view",
}
