"""Options × replications, in processes or on Dask."""
