"""The viewer: an artifact on the whole screen."""

from __future__ import annotations

import subprocess

from textual import getters, on
from textual.app import ComposeResult, SuspendNotSupported

from qtui.entities import RunInfo
from qtui.formatting import format_size
from qtui.recorder import Library
from qtui.tui import keymap
from qtui.tui.app import QtuiApp
from qtui.tui.commands import CommandHost
from qtui.tui.commands.artifacts import FollowFile, NextFile, NextView, OpenInPager, PreviousFile, ReloadFile
from qtui.tui.commands.downloads import CopyArtifactLocation, CopyScpLine, DownloadArtifact
from qtui.tui.commands.everywhere import Back, CloseScreen
from qtui.tui.load.artifact import ArtifactMessage, CopyMade, load_private_copy
from qtui.tui.load.background import BackgroundReader, LoadFailed, LoadGroup
from qtui.tui.messages import CopyLocation, DownloadArtifacts
from qtui.tui.polling import Poller
from qtui.tui.screens.artifact_loader import ArtifactLoader
from qtui.tui.screens.downloader import Downloader
from qtui.tui.widgets.artifact import ContentWidget
from qtui.tui.widgets.artifact.pane import ArtifactPane
from qtui.tui.widgets.footer import Footer
from qtui.user_programs import user_command

FOLLOW_INTERVAL_S = 1.0
"""Seconds between two checks of a file for new lines."""


class ArtifactScreen(CommandHost, BackgroundReader):
    """Shows the files of a run, one at a time."""

    HEADING = "Viewer"
    OWN_COMMANDS = (
        NextView,
        NextFile,
        PreviousFile,
        OpenInPager,
        DownloadArtifact,
        CopyArtifactLocation,
        CopyScpLine,
        ReloadFile,
        FollowFile,
        Back,
        CloseScreen,
    )
    app = getters.app(QtuiApp)

    def __init__(self, library: Library, run: RunInfo, path: str, files: tuple[str, ...] = ()) -> None:
        """`files` are the paths of the files that the viewer can go to, in their order."""
        super().__init__()
        self._library = library
        self._run = run
        self._path = path
        self._files = files or (path,)
        self._is_live = True
        self._poller = Poller(self.set_timer, self._follow, active_s=FOLLOW_INTERVAL_S, idle_s=FOLLOW_INTERVAL_S)

    def compose(self) -> ComposeResult:
        """Compose the pane and the footer."""
        self.pane = ArtifactPane()
        self.pane.body.ascii_only = self.app.ascii_only
        self.pane.body.images = self.app.images
        self._loader = ArtifactLoader(self._library, self, self.pane.body, self._show_view_name)
        self._downloader = Downloader(self._library, self.app)
        yield self.pane
        yield Footer()

    def on_mount(self) -> None:
        """Open the file."""
        self._is_live = self.app.options.refresh != 0
        self._open(self._path)

    @property
    def is_busy(self) -> bool:
        """Whether a load is running."""
        return self.has_running_load

    @property
    def view_count(self) -> int:
        """The number of views of the file."""
        return len(self._loader.views)

    @property
    def has_next_file(self) -> bool:
        """Whether another file follows."""
        return self._path in self._files and self._path != self._files[-1]

    @property
    def has_previous_file(self) -> bool:
        """Whether another file comes before."""
        return self._path in self._files and self._path != self._files[0]

    def _open(self, path: str, view_title: str = "") -> None:
        self._path = path
        self.pane.path, self.pane.size_text = path, ""
        self.pane.body.clear()
        self.pane.body.show_message("Opening …")
        self._loader.open(self._run, path, view_title)
        self._show_view_name()
        self.pane.focus_inside()
        self._schedule_follow()

    def _show_view_name(self) -> None:
        loader, pane = self._loader, self.pane
        title = loader.view_title
        position = f" view {loader.view_index + 1} of {len(loader.views)}" if len(loader.views) > 1 else ""
        pane.view_name = f"{title}{position}" if loader.kind == title else f"{loader.kind}, {title}{position}"
        pane.view_name = pane.view_name.strip(", ")
        pane.size_text = "" if loader.size is None else format_size(loader.size)
        pane.show_title()
        pane.show_state()
        self.refresh_bindings()

    # Loading

    @on(ArtifactMessage)
    def _handle_answer(self, message: ArtifactMessage) -> None:
        previous_widget = self.pane.body.widget
        self._loader.handle(message)
        if self.pane.body.widget is not previous_widget:
            self.pane.focus_content()

    @on(ContentWidget.TaskRequested)
    def _run_task(self, message: ContentWidget.TaskRequested) -> None:
        self._loader.tasks.run(message.task)

    # Following a growing file

    def _schedule_follow(self) -> None:
        if self._is_live:
            self._poller.schedule()
        else:
            self._poller.stop()

    def _follow(self) -> None:
        if self.pane.body.widget is not None:
            self.pane.body.widget.read_appended()
        self._schedule_follow()

    # Commands

    def action_next_view(self) -> None:
        self._loader.show_view((self._loader.view_index + 1) % len(self._loader.views))

    def action_next_file(self) -> None:
        self._open(self._files[self._files.index(self._path) + 1])

    def action_previous_file(self) -> None:
        self._open(self._files[self._files.index(self._path) - 1])

    def action_refresh(self) -> None:
        self._open(self._path, self._loader.view_title)

    def action_open_in_pager(self) -> None:
        self.load(LoadGroup.ARTIFACT_COPY, load_private_copy(self._library, self._run, self._path))

    @on(CopyMade)
    def _open_copy(self, message: CopyMade) -> None:
        command = user_command("PAGER", "EDITOR", default="less")
        with message.copy as path:
            try:
                self.app.run_suspended(lambda: subprocess.run([*command, str(path)], check=False))
            except SuspendNotSupported:
                self.app.show_notice("qtui cannot be suspended in this terminal.", severity="warning")
            except (OSError, ValueError) as error:
                self.app.show_notice(f"{command[0]} cannot be started: {error}.", severity="error")

    @on(LoadFailed)
    def _show_failure(self, message: LoadFailed) -> None:
        self.app.show_notice(message.reason, severity="error")

    @property
    def at_artifact(self) -> bool:
        """Whether an artifact is open."""
        return True

    def action_download_artifact(self) -> None:
        """Download the file."""
        self._downloader.ask(DownloadArtifacts((self._run,), self._path))

    def copy_location(self, as_scp: bool) -> None:
        """Copy the local path of the file or its URI, or the command that fetches it."""
        self._downloader.copy_location(CopyLocation(self._run, self._path, as_scp))

    def action_toggle_live(self) -> None:
        self._is_live = not self._is_live
        text = "New lines appear as they are written." if self._is_live else "New lines appear after {refresh}."
        self.app.show_notice(keymap.fill_keys(text, self.app.keys))
        self._schedule_follow()

    def action_back(self) -> None:
        """Close the viewer."""
        self.dismiss()
