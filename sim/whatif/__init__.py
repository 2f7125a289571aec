"""The what-if page: one HTML file over a grid of inputs."""
