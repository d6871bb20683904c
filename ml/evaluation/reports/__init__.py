"""Reports: figures, and the page with tables and pictures that `make evaluate` leaves."""
