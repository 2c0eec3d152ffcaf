"""What `demo.py` shows: two half moons, and handwritten digits."""
