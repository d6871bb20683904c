"""The shapes of E-13B."""

from ml.reading.micr.e13b import HEIGHT, SYMBOLS, WIDTH, shape_of


def test_every_symbol_has_a_shape_of_its_own_on_the_grid() -> None:
    shapes = [shape_of(symbol) for symbol in SYMBOLS]

    assert {shape.shape for shape in shapes} == {(HEIGHT, WIDTH)}
    assert len({shape.tobytes() for shape in shapes}) == len(SYMBOLS) == 14
