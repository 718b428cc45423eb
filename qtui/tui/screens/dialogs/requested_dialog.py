"""The dialog for every request of a widget."""

from __future__ import annotations

from typing import Any

from qtui.tui.messages import (
    AskNote,
    AskTags,
    AskText,
    ChooseOne,
    ChooseOrder,
    ChooseSeveral,
    ChooseView,
    Confirm,
    DialogRequest,
)
from qtui.tui.screens.dialogs.choice_dialog import ChoiceDialog
from qtui.tui.screens.dialogs.confirm_dialog import ConfirmDialog
from qtui.tui.screens.dialogs.dialog import Dialog
from qtui.tui.screens.dialogs.multi_choice_dialog import MultiChoiceDialog
from qtui.tui.screens.dialogs.order_dialog import OrderDialog
from qtui.tui.screens.dialogs.saved_view_dialog import SavedViewDialog
from qtui.tui.screens.dialogs.text_dialog import TextDialog


def dialog_for(request: DialogRequest[Any]) -> Dialog[Any]:
    """Return the dialog that a request asks for."""
    match request:
        case AskText():
            return TextDialog(
                request.title, value=request.value, placeholder=request.placeholder, problem=request.problem
            )
        case ChooseOne():
            return ChoiceDialog(request.title, request.choices, chosen=request.chosen, placeholder=request.placeholder)
        case ChooseSeveral():
            return MultiChoiceDialog(
                request.title, request.choices, chosen=request.chosen, placeholder=request.placeholder
            )
        case ChooseOrder():
            return OrderDialog(request.choices, request.layout, chosen=request.field)
        case ChooseView():
            return SavedViewDialog(request.state)
        case Confirm():
            return ConfirmDialog(request.title, request.text, needs_yes=request.needs_yes)
        case AskTags():
            from qtui.tui.screens.dialogs.tag_dialog import TagDialog

            return TagDialog(request.title, request.editor)
        case AskNote():
            from qtui.tui.screens.dialogs.note_dialog import NoteDialog

            return NoteDialog(request.title, request.text, request.warning)
    raise TypeError(f"No dialog for {type(request).__name__}")
