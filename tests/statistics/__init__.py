"""Whether intervals, races and weights keep what they promise: many small experiments against closed forms."""
