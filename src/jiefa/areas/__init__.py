"""The division tree, its codes over time, its designations and the yearly facts that are inputs."""
