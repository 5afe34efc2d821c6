"""The errors that a user can meet. Each message is one line: what was got, what was wanted, what to do."""

__all__ = [
    "ArtifactProblem",
    "FeatherweightError",
    "FileProblem",
    "InputError",
    "LessonError",
    "MissingTool",
    "NoSandbox",
]


class FeatherweightError(Exception):
    """Base of every error that featherweight raises on purpose; a notebook shows it as one line, no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class FileProblem(FeatherweightError):
    """A file that is missing, damaged, foreign or cannot be written."""


class ArtifactProblem(FileProblem):
    """A .fw file that is damaged, foreign or asks for too much, or a network that no such file can hold."""


class InputError(FeatherweightError, ValueError):
    """An argument that cannot be used."""


class LessonError(FeatherweightError):
    """A lesson source that breaks a rule of the book."""


class MissingTool(FeatherweightError):
    """A program or package that is needed here and not installed."""


class NoSandbox(MissingTool):
    """No sandbox for strangers' code can be started here."""
