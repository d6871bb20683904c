"""PDFs: at which resolution their pages are drawn, and in a box of its own, their drawing and their typed words."""
