"""Why a lesson of another package cannot be loaded. Imports nothing."""


class LessonFault(ValueError):
    """A lesson that cannot be loaded; the message says which, and why."""
