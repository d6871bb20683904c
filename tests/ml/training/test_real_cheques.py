"""Labels of real cheques."""

from pathlib import Path

from ml.training.real_cheques import american_cheques, indian_cheques


def test_what_nobody_could_read_or_stands_in_letters_is_not_counted(tmp_path: Path) -> None:
    india, us = tmp_path / "cheques-india", tmp_path / "cheques-us"
    india.mkdir()
    us.mkdir()
    (india / "labels.tsv").write_text(
        "file\tcheque_number\tamount\tdate_ddmmyyyy\na.jpg\t12?456\t5000\t01022015\nb.jpg\t123456\t5?00\t0?022015\n"
    )
    (us / "labels.tsv").write_text("file\tamount\tdate\nc.png\t12.00\tOctober 20, 2019\n")
    first, second = indian_cheques(tmp_path)
    assert first.values == {"amount": "5000.00", "date": "2015-02-01"}
    assert second.values == {"cheque_number": "123456"}
    (third,) = american_cheques(tmp_path)
    assert third.values == {"amount": "12.00"}
