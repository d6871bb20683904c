"""Reports: computes figures, and writes the page with tables and pictures that `make evaluate` leaves."""
