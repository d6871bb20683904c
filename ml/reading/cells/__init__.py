"""The writing in the cells of a grid: without rules, shade and rings, each cell's marks cut out as a line."""
