"""What the examples share: how they read their command line and save their pictures, and what a GPT looks at."""
