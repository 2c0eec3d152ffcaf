"""The training loop in machine code, and the proof that it does what the eager one does."""
