"""What Python cannot do in a browser: errors that come of it get a note that says so, and what to do instead."""

NO_MACHINE_CODE = "A browser runs no machine code of ours: leave `jit` out here, or work on your own machine."
NO_TENSORS = (
    "PyTorch does not fit into a browser. On your own machine it goes together with micrograd: see How-to, Move to "
    "PyTorch, and back."
)
NO_PACKAGES = (
    "The playground has micrograd, Python's standard library and simple plots. For other packages, work on your own "
    "machine: see How-to, Use micrograd.nn in your own project."
)
NO_THREADS = "A browser runs one thread of Python: call the function instead of starting a thread."
NO_PROCESSES = "A browser starts no other programs or processes: call what you need in this one."
NO_NETWORK = "The playground reaches no other computer: paste the data into the code."
NO_FILES = "The playground sees no files of yours: paste the data into the code."

PROCESS_ERRORS = {52, 138}  # what Emscripten, the system below, says of fork and exec
NETWORK_ERRORS = ("TLS not supported", "urlopen error", "Remote end closed")


def note(error: BaseException) -> str:
    """What to say of an error that has to do with where the code runs.

    Args:
        error: What the reader's code ended with.

    Returns:
        A sentence or two; empty if the error would be the same elsewhere.
    """
    words = str(error)
    match error:
        case ImportError(name="llvmlite" | "numba"):
            return NO_MACHINE_CODE
        case ImportError(name="torch"):
            return NO_TENSORS
        case ImportError(name="_multiprocessing"):
            return NO_PROCESSES
        case ImportError() if "pip install" in words or "No module" in words:
            return NO_PACKAGES
        case RuntimeError() if "new thread" in words:
            return NO_THREADS
        case NotImplementedError() if "multiprocessing" in words:
            return NO_PROCESSES
        case FileNotFoundError():
            return NO_FILES
        case OSError(errno=number) if number in PROCESS_ERRORS:
            return NO_PROCESSES
        case _ if any(said in words for said in NETWORK_ERRORS):
            return NO_NETWORK
    return ""
