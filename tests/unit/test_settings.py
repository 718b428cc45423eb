"""The settings of a user, and the messages about invalid ones."""

from __future__ import annotations

import ast
import inspect
import stat
from pathlib import Path

import pytest

from qtui import settings
from qtui.errors import SettingsError
from qtui.settings import CacheSettings, Settings, load, make_private


def write(folder: Path, text: str) -> dict[str, str]:
    (folder / "qtui").mkdir()
    (folder / "qtui" / "config.toml").write_text(text, encoding="utf-8")
    return {"XDG_CONFIG_HOME": str(folder)}


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert load({"XDG_CONFIG_HOME": str(tmp_path)}) == Settings()


def test_a_file_sets_the_settings_that_it_names(tmp_path: Path) -> None:
    environ = write(tmp_path, 'uri = "file:/x"\ncolumns = ["name", "metrics.ic"]\n[cache]\nlimit_mb = 64\n')
    assert load(environ) == Settings(uri="file:/x", columns=("name", "metrics.ic"), cache=CacheSettings(limit_mb=64))


def test_the_screen_is_set_like_everything_else(tmp_path: Path) -> None:
    environ = write(tmp_path, 'theme = "day"\nascii = true\nrefresh = 0.5\n[keys]\nsort-by = "f5,s"\n')
    assert load(environ) == Settings(theme="day", ascii=True, refresh=0.5, keys={"sort-by": "f5,s"})


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    environ = write(tmp_path, 'stale_after_minutes = 5\ncolumns = ["name"]\n')
    environ |= {"QTUI_STALE_AFTER_MINUTES": "7", "QTUI_NO_CACHE": "1", "QTUI_COLUMNS": "status, params.lr"}
    assert load(environ) == Settings(
        stale_after_minutes=7, columns=("status", "params.lr"), cache=CacheSettings(enabled=False)
    )


def test_an_empty_variable_sets_nothing() -> None:
    assert load({"QTUI_NO_CACHE": "", "XDG_CONFIG_HOME": "/nowhere"}).cache.enabled


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("colums = []", "no setting 'colums'"),
        ("[cache]\nsize = 1", "no setting 'cache.size'"),
        ("uri = 3", "'uri' must be a text, not 3"),
        ("stale_after_minutes = 0", "'stale_after_minutes' must be a whole number above zero, not 0"),
        ("stale_after_minutes = true", "must be a whole number above zero, not True"),
        ("columns = [1]", "'columns' must be a list of texts"),
        ("cache = 1", "'cache' must be a table"),
        ("refresh = -1", "'refresh' must be a number, 0 or above, not -1"),
        ("[keys]\nsort-by = 5", "'keys' must be a table of texts"),
        ("[cache]\nenabled = 1", "'cache.enabled' must be true or false, not 1"),
        ("uri = ", "not valid TOML"),
    ],
)
def test_an_invalid_setting_is_named_with_its_file_and_the_expected_value(
    tmp_path: Path, text: str, complaint: str
) -> None:
    environ = write(tmp_path, text)
    with pytest.raises(SettingsError) as error:
        load(environ)
    assert complaint in str(error.value)
    assert str(tmp_path / "qtui" / "config.toml") in str(error.value)


def test_a_file_that_is_not_utf_8_cannot_be_read(tmp_path: Path) -> None:
    environ = write(tmp_path, "")
    (tmp_path / "qtui" / "config.toml").write_bytes(b"uri = '\xff'")
    with pytest.raises(SettingsError, match="cannot be read"):
        load(environ)


@pytest.mark.parametrize("name", ["QTUI_STALE_AFTER_MINUTES", "QTUI_CACHE_LIMIT_MB", "QTUI_NO_CACHE"])
def test_a_wrong_variable_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} must be .*, not 'much'"):
        load({name: "much", "XDG_CONFIG_HOME": "/nowhere"})


def test_a_relative_base_folder_is_ignored() -> None:
    assert settings.cache_dir({"XDG_CACHE_HOME": "here"}) == Path.home() / ".cache" / "qtui"
    assert settings.state_dir({"XDG_STATE_HOME": "/s"}) == Path("/s/qtui")


def test_a_private_folder_is_closed_to_everyone_else(tmp_path: Path) -> None:
    folder = make_private(tmp_path / "a" / "b")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)] == [0o700, 0o700]


@pytest.mark.parametrize("section", [Settings, CacheSettings])
def test_every_setting_is_documented_right_under_it(section: type) -> None:
    (node,) = ast.parse(inspect.getsource(section)).body
    assert isinstance(node, ast.ClassDef)
    for field, below in zip(node.body[1:], [*node.body[2:], None], strict=True):
        if isinstance(field, ast.AnnAssign):
            assert isinstance(below, ast.Expr), ast.unparse(field)
