"""The tree of experiments."""

from qtui.entities import ExperimentInfo, RunCounts
from qtui.text import width
from qtui.tui.present.experiment_tree import ALL, ExperimentNode, ExperimentTree, render_node


def experiments(*names: str) -> list[ExperimentInfo]:
    return [ExperimentInfo(str(number), name) for number, name in enumerate(names)]


def shape(nodes: tuple[ExperimentNode, ...]) -> list[str]:
    return ["  " * node.depth + node.title for node in nodes[1:]]


def test_experiments_with_a_common_prefix_share_a_folder() -> None:
    nodes = ExperimentTree({}).nodes(experiments("csi300/lgb", "vision", "csi300/gru"))
    assert shape(nodes) == ["csi300/", "  lgb", "  gru", "vision"]


def test_a_single_experiment_makes_no_folder() -> None:
    assert shape(ExperimentTree({}).nodes(experiments("vision/resnet", "lgb"))) == ["vision/resnet", "lgb"]


def test_nested_folders_without_other_members_share_a_line() -> None:
    nodes = ExperimentTree({}).nodes(experiments("a/b/c/x", "a/b/c/y", "a/b/c/d/z", "a/b/c/d/w"))
    assert shape(nodes) == ["a/b/c/", "  x", "  y", "  d/", "    z", "    w"]


def test_an_experiment_named_like_a_folder_has_its_own_line() -> None:
    assert shape(ExperimentTree({}).nodes(experiments("a", "a/x", "a/y"))) == ["a", "a/", "  x", "  y"]


def test_two_experiments_of_the_same_name_are_two_lines() -> None:
    assert shape(ExperimentTree({}).nodes(experiments("a", "a"))) == ["a", "a"]


def test_a_folder_counts_the_runs_of_its_experiments() -> None:
    counts = {"0": RunCounts(total=3, running=1), "1": RunCounts(total=4, failed=2)}
    everything, folder, *_ = ExperimentTree(counts).nodes(experiments("a/x", "a/y"))
    assert (everything.key, everything.counts.total) == (ALL, 7)
    assert folder.counts == RunCounts(total=7, running=1, failed=2)
    assert folder.ids == ("0", "1")


def test_a_closed_folder_hides_its_experiments_except_in_a_search() -> None:
    closed = ExperimentTree({}, closed=frozenset({"a/"}))
    assert shape(closed.nodes(experiments("a/x", "a/y"))) == ["a/"]
    searching = ExperimentTree({}, closed=frozenset({"a/"}), search="A/")
    assert shape(searching.nodes(experiments("a/x", "a/y"))) == ["a/", "  x", "  y"]


def test_names_sort_without_regard_to_case() -> None:
    assert shape(ExperimentTree({}, by_name=True).nodes(experiments("b", "C", "a"))) == ["a", "b", "C"]


def test_names_of_ten_thousand_slashes_are_limited_in_depth() -> None:
    nodes = ExperimentTree({}).nodes(experiments("/" * 10_000 + "x", "/" * 10_000 + "y", *("/" * n for n in range(60))))
    assert max(node.depth for node in nodes) <= 6


def test_a_line_fills_its_width_and_keeps_the_total() -> None:
    counts = {"0": RunCounts(total=12, running=2, failed=1)}
    node = ExperimentTree(counts).nodes(experiments("因子研究和一个很长的名字没有尽头"))[1]
    for cells in (8, 20, 28, 60):
        line = "".join(piece.text for piece in render_node(node, cells))
        assert width(line) == cells
        assert line.rstrip().endswith("12")


def test_a_deleted_experiment_says_so() -> None:
    [_, deleted, active] = ExperimentTree({"0": RunCounts(total=3)}).nodes(
        [ExperimentInfo("0", "scratch", lifecycle_stage="deleted"), ExperimentInfo("1", "main")]
    )
    assert "".join(piece.text for piece in render_node(deleted, 28)) == " scratch          deleted 3 "
    assert "deleted" not in "".join(piece.text for piece in render_node(active, 28))


def test_the_end_of_a_path_that_is_too_long_is_shown() -> None:
    node = ExperimentTree({}).nodes(experiments("vision/cifar10/resnet"))[1]
    assert "".join(piece.text for piece in render_node(node, 20)).split() == ["…/cifar10/resnet", "0"]


def test_control_characters_in_names_are_escaped() -> None:
    node = ExperimentTree({}).nodes(experiments("a\x1b]52;c;x\x07\u202eb"))[1]
    assert not any(ord(letter) < 32 or letter == "\u202e" for piece in render_node(node, 40) for letter in piece.text)
