"""How experiments are laid out as a tree."""

from qtui.entities import Experiment, RunCounts
from qtui.text import width
from qtui.tui.present.experiment_tree import ALL, Node, Outline, draw


def experiments(*names: str) -> list[Experiment]:
    return [Experiment(str(number), name) for number, name in enumerate(names)]


def shape(nodes: tuple[Node, ...]) -> list[str]:
    return ["  " * each.depth + each.title for each in nodes[1:]]


def test_experiments_that_share_a_beginning_hang_on_a_branch() -> None:
    nodes = Outline({}).nodes(experiments("csi300/lgb", "vision", "csi300/gru"))
    assert shape(nodes) == ["csi300/", "  lgb", "  gru", "vision"]


def test_a_lonely_slash_makes_no_branch() -> None:
    assert shape(Outline({}).nodes(experiments("vision/resnet", "lgb"))) == ["vision/resnet", "lgb"]


def test_a_chain_of_branches_with_nothing_else_on_them_is_one_line() -> None:
    nodes = Outline({}).nodes(experiments("a/b/c/x", "a/b/c/y", "a/b/c/d/z", "a/b/c/d/w"))
    assert shape(nodes) == ["a/b/c/", "  x", "  y", "  d/", "    z", "    w"]


def test_an_experiment_named_like_a_branch_stands_beside_it() -> None:
    assert shape(Outline({}).nodes(experiments("a", "a/x", "a/y"))) == ["a", "a/", "  x", "  y"]


def test_two_experiments_of_the_same_name_are_two_lines() -> None:
    assert shape(Outline({}).nodes(experiments("a", "a"))) == ["a", "a"]


def test_a_branch_counts_the_runs_of_all_below_it() -> None:
    counts = {"0": RunCounts(total=3, running=1), "1": RunCounts(total=4, failed=2)}
    everything, branch, *_ = Outline(counts).nodes(experiments("a/x", "a/y"))
    assert (everything.key, everything.counts.total) == (ALL, 7)
    assert branch.counts == RunCounts(total=7, running=1, failed=2)
    assert branch.ids == ("0", "1")


def test_a_closed_branch_hides_what_is_below_it_until_something_is_searched() -> None:
    closed = Outline({}, closed=frozenset({"a/"}))
    assert shape(closed.nodes(experiments("a/x", "a/y"))) == ["a/"]
    searching = Outline({}, closed=frozenset({"a/"}), wanted="A/")
    assert shape(searching.nodes(experiments("a/x", "a/y"))) == ["a/", "  x", "  y"]


def test_names_sort_without_regard_to_case() -> None:
    assert shape(Outline({}, by_name=True).nodes(experiments("b", "C", "a"))) == ["a", "b", "C"]


def test_ten_thousand_slashes_do_no_harm() -> None:
    nodes = Outline({}).nodes(experiments("/" * 10_000 + "x", "/" * 10_000 + "y", *("/" * n for n in range(60))))
    assert max(each.depth for each in nodes) <= 6


def test_a_line_is_as_wide_as_it_may_be_and_keeps_its_figures() -> None:
    counts = {"0": RunCounts(total=12, running=2, failed=1)}
    node = Outline(counts).nodes(experiments("因子研究和一个很长的名字没有尽头"))[1]
    for cells in (8, 20, 28, 60):
        line = "".join(piece.text for piece in draw(node, cells))
        assert width(line) == cells
        assert line.rstrip().endswith("12")


def test_no_name_of_an_experiment_reaches_the_terminal_raw() -> None:
    node = Outline({}).nodes(experiments("a\x1b]52;c;x\x07\u202eb"))[1]
    assert not any(ord(each) < 32 or each == "\u202e" for piece in draw(node, 40) for each in piece.text)
