from dataclasses import replace

from parity.documents.provenance import full_note, interval_sentence, remarks_on, source_sentence
from tests.documents.sample import NOT_COUNTED, POINTS, RATE, SHARE, SPEND, UNCHECKED, figure, release


def test_sources_are_named_once():
    first = figure(RATE, "Abbey", 1.0)
    second = figure(RATE, "Castle", 2.0, releases=(release("treatment"), release("people")))
    assert source_sentence([first, second, second]) == (
        "Sources: treatment@1a2b3c4d (seed 000, table 4); people@1a2b3c4d (seed 000, table 4).",
    )


def test_one_source_is_singular_and_none_is_silent():
    assert source_sentence([figure(RATE, "Abbey", 1.0)]) == ("Source: treatment@1a2b3c4d (seed 000, table 4).",)
    assert source_sentence([figure(RATE, "Abbey", 1.0, releases=())]) == ()
    bare = replace(release("people"), address="")
    assert source_sentence([figure(RATE, "Abbey", 1.0, releases=(bare,))]) == ("Source: people@1a2b3c4d.",)


def test_remarks_name_reason_basis_prices_and_caveats():
    missing = figure(SPEND, "Abbey", None, basis="gross", price_year="2025/26", assumptions=(UNCHECKED,))
    assert remarks_on(missing) == (
        NOT_COUNTED,
        "Basis: gross.",
        "Prices of 2025/26.",
        "Rests on “Rate of depression”, a number not yet seen in its source.",
    )


def test_brackets_are_explained_only_where_there_are_any():
    assert interval_sentence(figure(RATE, "Abbey", 1.0)) == ()
    assert interval_sentence(figure(RATE, "Abbey", 1.0, lower=0.5, upper=2.0)) == (
        "In brackets: 95% interval, Wilson.",
    )
    assert interval_sentence(figure(POINTS, "Abbey", 0.1, lower=0.0, upper=0.2)) == (
        "In brackets: the figure's interval.",
    )


def test_a_full_note_says_what_the_figure_is():
    assert full_note(figure(SHARE, "Leicester", 0.45678, lower=0.44, upper=0.47)) == (
        "Share of people recovered, Leicester, 2025/26: 45.7% (44.0 to 47.0%). In brackets: 95% interval, Wilson. "
        "Source: treatment@1a2b3c4d (seed 000, table 4)."
    )
