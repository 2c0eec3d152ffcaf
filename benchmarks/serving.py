"""What a worker does all its life: for each line of standard input, a task, it prints the result. Both are JSON."""

import json
import sys


def serve(tasks):
    """Answer until standard input ends. A line is a list: the name of a task, and its arguments."""
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(tasks[name](*arguments)), flush=True)
