from parity.documents.printable import clean, clean_within


def test_unprintable_characters_become_one_space():
    assert clean("a\x00\x0b\nb\ud800c\ufffed 🙂é\xa0") == "a b c d 🙂é\xa0"


def test_every_text_within_is_cleaned():
    assert clean_within({"a\n": ["b\t", ("c\0", 1, None, True, 2.5)]}) == {"a ": ["b ", ["c ", 1, None, True, 2.5]]}
