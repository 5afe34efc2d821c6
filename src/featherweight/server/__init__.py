"""JupyterLab as the book wants it: a packaged configuration, twins in step, widgets saved as pictures."""

from pathlib import Path

__all__ = ["CONFIG"]

CONFIG = Path(__file__).parent / "config"
"""The folder for JUPYTER_CONFIG_PATH; `featherweight lab` and Binder's `start` both put it there."""
