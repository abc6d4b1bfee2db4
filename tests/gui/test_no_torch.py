"""The viewer's process never loads torch, whatever is opened in it."""

import subprocess
import sys

OPEN_ALL = """
import sys, numpy, napari
from npe2 import PluginManager

viewer = napari.Viewer(show=False)
viewer.add_image(numpy.zeros((4, 64, 64), numpy.uint8))
manifest = PluginManager.instance().get_manifest("napari-cell-events")
docks = [
    viewer.window.add_plugin_dock_widget("napari-cell-events", widget.display_name)[1]
    for widget in manifest.contributions.widgets
]
assert docks
from qtpy.QtWidgets import QApplication
from superqt import QCollapsible
for fold in (fold for dock in docks for fold in dock.findChildren(QCollapsible)):
    fold.expand(animate=False)
for _ in range(20):
    QApplication.processEvents()
heavy = {"torch", "safetensors", "cell_events.engine.device"}
loaded = sorted(heavy & set(sys.modules))
viewer.close()
sys.exit(", ".join(loaded) or None)
"""


def test_no_widget_that_napari_offers_loads_torch_even_with_all_its_parts_unfolded():
    command = [sys.executable, "-c", OPEN_ALL]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
