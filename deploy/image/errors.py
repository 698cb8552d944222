class BuildError(Exception):
    """Why there is no image, and what to do about it."""
