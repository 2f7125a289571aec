"""What samples say: estimates, intervals, races and weights over arrays with one value a set. Knows no scenario."""
