"""What an expert answered about cells: journalled in the project at once, and kept in files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qtpy.QtCore import QObject, QTimer, Signal

from cell_events.dry_mass.audit_draw import AuditSettings
from cell_events.dry_mass.flags import CellFlag
from cell_events.dry_mass.review import CATEGORIES, Answers, answers_of
from cell_events.dry_mass.review_file import write_review
from cell_events.gui.workbench import Workbench
from cell_events.project import Edit, ValueChange

WRITE_AFTER_MS = 2000


class CellAnswers(QObject):
    """Keeps the answers about the cells of one track table in the project that lies open.

    Each answer is an edit of its own: undo takes it back, wherever undo is pressed. Signals
    `changed()` when answers are other ones, through `answer`, undo or redo. A while later they
    are in the CSV of the flags as well, with `review.json` beside it.
    """

    changed = Signal()

    def __init__(self, bench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bench = bench
        self.answers: dict[int, str] = {}
        self._flags: Sequence[CellFlag] = ()
        self._in_file: Answers = {}
        self._name, self._csv, self._audit = "", Path(), AuditSettings()
        self._write = QTimer(self)
        self._write.setSingleShot(True)
        self._write.setInterval(WRITE_AFTER_MS)
        self._write.timeout.connect(self.write)
        bench.edited.connect(self._read_again)

    def open(
        self, name: str, flags: Sequence[CellFlag], csv: Path, audit: AuditSettings | None = None
    ) -> None:
        """Turn to other flags, or to the same ones under another threshold.

        Parameters
        ----------
        name
            What the project calls the track table; answers go with it, since another table numbers
            cells anew.
        flags
            Its cells. Answers in them hold as long as the project knows none.
        csv
            Where the flags lie.
        audit
            How cells are drawn, for `review.json`.
        """
        self.write_if_waiting()
        if (name, csv) != (self._name, self._csv):
            self._in_file = answers_of(flags)
        self._name, self._flags, self._csv = name, flags, csv
        self._audit = audit or AuditSettings()
        self.answers = self._read()
        self.changed.emit()

    def answer(self, track_id: int, category: str) -> None:
        """Keep an answer, "" for none; says why if that is not possible."""
        bench = self.bench
        bench.paint.flush()  # a stroke before it is undone after it
        try:
            if bench.project is None:
                bench.take_in()  # begins a project
            project = bench.project
            if project is None:
                return
            before = self.answers.get(track_id, "")
            change = ValueChange(self._key(track_id), before, category)
            title = f"answer {CATEGORIES.get(category, 'nothing')} for cell {track_id}"
            project.apply(Edit(title, (change,)))
        except (ValueError, OSError) as error:
            bench.say(str(error), is_error=True)
            return
        bench.edited.emit()

    def write(self) -> None:
        """Write flags with the answers, and what they say; says why if that is not possible."""
        self._write.stop()
        try:
            write_review(self._csv, self._flags, self.answers, self._audit)
        except (ValueError, OSError) as error:
            self.bench.say(str(error), is_error=True)

    def write_if_waiting(self) -> None:
        """Write now what would be written soon, as at the end."""
        if self._write.isActive():
            self.write()

    def _read_again(self) -> None:
        answers = self._read()
        if answers != self.answers:
            self.answers = answers
            self._write.start()
            self.changed.emit()

    def _read(self) -> dict[int, str]:
        """Answers that the project holds, and those of the file about which it knows nothing."""
        project = self.bench.project
        found = {}
        for flag in self._flags:
            cell = flag.track_id
            in_file = self._in_file.get(cell, "")
            answer = project.value(self._key(cell), in_file) if project else in_file
            if answer in CATEGORIES:
                found[cell] = answer
        return found

    def _key(self, track_id: int) -> str:
        return f"dry_mass/answers/{self._name}/{track_id}"
