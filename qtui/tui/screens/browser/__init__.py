"""The browser: experiments, their runs, the details of a run."""

from __future__ import annotations

from qtui.tui.screens.browser.screen import BrowserScreen

__all__ = ["BrowserScreen"]
