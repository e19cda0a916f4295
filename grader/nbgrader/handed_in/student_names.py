"""Names of students that nbgrader, its pages and the database can bear."""

from unicodedata import category

from grader.nbgrader.faults import MachineFault


class UnfitName(MachineFault):
    """A student has a name that would be taken for something else."""


def demand_name(student: str) -> None:
    """Refuses a name that nbgrader or a page would take for something else.

    Raises:
        UnfitName: it is a path or no text; it begins or ends with a space, which
            nbgrader takes away, so that another student may be meant; or it has one
            of * ? [, a pattern that fits others, one of < > ", which formgrader writes
            into its pages as they are, or a line's end and the like, at which nbgrader
            stops the class.
    """
    demand_no_path(student)
    if not is_text(student):
        raise UnfitName("the name of its folder is not UTF-8: rename the folder")
    if student != student.strip():
        raise UnfitName(
            "the name of its folder begins or ends with a space: rename the folder"
        )
    if set(student) & set('*?[<>"') or any(category(c) == "Cc" for c in student):
        raise UnfitName(
            'the name of its folder has a control character or one of * ? [ < > ": '
            "rename the folder"
        )


def demand_no_path(student: str) -> None:
    """Refuses a name, or a pattern of names, that leads elsewhere.

    Raises:
        UnfitName: it does.
    """
    if student == ".." or "/" in student:
        raise UnfitName("a student's name cannot be a path")


def is_text(name: str) -> bool:
    """Whether a file's name is UTF-8, and can stand in a database."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
