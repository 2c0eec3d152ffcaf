"""What the examples share: how they read their command line, how their pictures look and are saved, and what a GPT looks at."""
