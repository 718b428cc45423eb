"""The dialog that asks where to save a file, and once more before another file is replaced."""

from __future__ import annotations

from qtui.tui.screens.dialogs.confirm_dialog import ConfirmDialog
from qtui.tui.screens.dialogs.text_dialog import TextInputDialog
from qtui.tui.screens.saving import SaveTarget, expand_path, path_problem


class SaveDialog(TextInputDialog[SaveTarget]):
    """Asks for the path of a file; the path of an existing one must be confirmed."""

    def __init__(self, title: str, name: str) -> None:
        """Ask for a path, and suggest this file name in the working directory."""
        super().__init__(title, value=name, problem=path_problem)

    def accept(self, text: str) -> None:
        """Answer with the path, or ask whether to replace the file there."""
        path = expand_path(text)
        if not path.exists() and not path.is_symlink():
            self.dismiss(SaveTarget(path))
            return

        def replace(confirmed: bool | None) -> None:
            self.dismiss(SaveTarget(path, replace=True) if confirmed else None)

        self.app.push_screen(ConfirmDialog(f"Replace {path.name}?", "There is such a file already."), replace)
