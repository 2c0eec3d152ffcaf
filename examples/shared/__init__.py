"""What the examples share: how they read their command line, and how their pictures look and are saved."""
