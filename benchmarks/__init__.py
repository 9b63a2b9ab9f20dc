"""Speed and memory, measured as ratios: `make bench`."""
