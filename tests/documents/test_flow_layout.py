"""Where settings stand in a picture of flows."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from parity.documents.flow_layout import MOST_ACROSS, in_rows, laid_out, rows_by_path

NAMES = "abcdefgh"
LINKS = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda link: link[0] != link[1]),
    st.integers(1, 50).map(float),
    max_size=20,
)
WIDTH, GAP = 100.0, 20.0


def test_rows_follow_the_longest_path() -> None:
    links = {("a", "b"): 5.0, ("b", "c"): 5.0, ("a", "c"): 1.0}
    assert rows_by_path("abc", links) == [["a"], ["b"], ["c"]]


def test_of_two_opposite_flows_the_larger_points_down() -> None:
    assert rows_by_path("ab", {("a", "b"): 1.0, ("b", "a"): 2.0}) == [["b"], ["a"]]


def test_a_row_of_too_many_is_shared() -> None:
    assert in_rows(["abcde", "", "f"]) == [["a", "b"], ["c", "d", "e"], ["f"]]


def test_flows_that_cross_are_put_in_order() -> None:
    links = [("a", "d"), ("b", "c")]
    found = laid_out([["a", "b"], ["c", "d"]], links, width=WIDTH, gap=GAP, passing=dict.fromkeys(links, 1.0))
    assert len({"".join(row) for row in found.rows} & {"ab", "dc"}) + len(
        {"".join(row) for row in found.rows} & {"ba", "cd"}
    ) == 2  # fmt: skip


def test_a_long_flow_has_its_own_place_in_the_rows_it_passes() -> None:
    links = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "a")]
    found = laid_out([["a"], ["b"], ["c"]], links, width=WIDTH, gap=GAP, passing=dict.fromkeys(links, 8.0))
    assert [len(found.paths[link]) for link in links] == [2, 2, 3, 3]
    assert sorted(found.nodes[key].width for key in found.rows[1]) == [8, 8, 100]
    assert found.width == WIDTH + 2 * GAP + 2 * 8


@given(people=LINKS)
def test_nothing_in_a_row_touches_and_the_same_comes_back_twice(people: dict[tuple[str, str], float]) -> None:
    rows = rows_by_path(NAMES, people)
    assert sorted(name for row in rows for name in row) == list(NAMES)
    assert max(map(len, rows)) <= MOST_ACROSS
    found = laid_out(rows, list(people), width=WIDTH, gap=GAP, passing=dict.fromkeys(people, 5.0))
    assert found == laid_out(rows, list(people), width=WIDTH, gap=GAP, passing=dict.fromkeys(people, 5.0))
    for row in found.rows:
        nodes = [found.nodes[key] for key in row]
        assert min(node.x - node.width / 2 for node in nodes) >= -1e-6
        assert max(node.x + node.width / 2 for node in nodes) <= found.width + 1e-6
        for one, two in combinations(nodes, 2):
            assert two.x - one.x >= (one.width + two.width) / 2 + GAP - 1e-6
