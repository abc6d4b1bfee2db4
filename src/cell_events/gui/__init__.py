"""napari and Qt, and nothing that imports torch: layers to and from the core, and the widgets."""
