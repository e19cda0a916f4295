"""Names of students that are commands, markup, escapes or paths."""

from tests.attacks.attack import Attack, Scene


def _untouched(scene: Scene):
    return scene.silent()


def _escapes(scene: Scene):
    return scene.attacking(r"""
        from keras.layers import Activation
        text = "\x1b[2J\x1b]0;pwned\x07\x1b[31mall right\r100 points\x9b2J"
        print(text)
        raise RuntimeError(text)
        """)


def _student(name: str, tries: str, student: str, *, refused: bool = False) -> Attack:
    return Attack(name, tries, _untouched, student=student, refused=refused)


ATTACKS = (
    _student(
        "name_clears_terminal",
        "is a student whose name clears the terminal and sets its title",
        "\x1b[2J\x1b]0;pwned\x07mallory",
        refused=True,
    ),
    _student(
        "name_is_markup",
        "is a student whose name is HTML",
        "<img src=x onerror=document.title='pwned'>",
        refused=True,
    ),
    _student(
        "name_is_script",
        "is a student whose name ends a text in a script",
        '"-alert(1)-"',
        refused=True,
    ),
    _student("name_is_rich", "is a student whose name is markup", "[red]m[/blue]"),
    _student("name_is_option", "is a student named like an option", "--force"),
    _student(
        "name_is_glob",
        "is a student whose name is a pattern that fits others",
        "[az]*",
        refused=True,
    ),
    _student("name_is_long", "is a student with 250 letters", "m" * 250),
    _student(
        "name_has_lines",
        "is a student of two lines",
        "mallory\n100 points",
        refused=True,
    ),
    _student("name_has_dots", "is a student whose name is dots", "..mallory.."),
    Attack(
        "escapes_in_errors",
        "raises and prints what moves a terminal's cursor and sets its title",
        _escapes,
    ),
)
