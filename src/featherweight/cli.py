"""The command `featherweight`. Every command imports what it needs when it runs, so that --help answers at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from featherweight.errors import FeatherweightError, NoSandbox

__all__ = ["app", "main"]

# A wrong flag, value or command. Typer brings its own copy of click, older ones the real one: this finds either.
UsageError = typer.BadParameter.__base__

app = typer.Typer(
    help="An interactive workbook on optimizing and compressing neural networks.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_show_locals=False,  # a local may be the secret
)


@app.command()
def lab(
    folder: Annotated[
        Path, typer.Option("--dir", help="Where the notebooks are; an installed release copies there what is missing.")
    ] = Path("notebooks"),
    port: Annotated[int | None, typer.Option(help="The port to serve on; without it, the first free one.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
) -> None:
    """Open the lessons in JupyterLab."""
    from featherweight.server.launch import launch

    launch(folder, port, browser)


@app.command()
def doctor() -> None:
    """Say what this machine lacks, with the cure."""
    from featherweight.doctor import examine

    findings = examine()
    for finding in findings:
        typer.echo(finding.line())
    if any(finding.blocks for finding in findings):
        raise typer.Exit(1)


@app.command()
def progress() -> None:
    """Show what is done, and every prediction."""
    from featherweight.exercises.progress import progress as done
    from featherweight.exercises.workbook import workbook_folder

    typer.echo(done(workbook_folder()))


@app.command()
def resume(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A workbook from another day or machine.")],
) -> None:
    """Move the answers of a workbook into today's workbook."""
    from featherweight.exercises.resume import resume as take_in

    typer.echo(take_in(file))


@app.command()
def submit() -> None:
    """Make the one file to hand in."""
    from featherweight.exercises.submit import submit as hand_in

    typer.echo(hand_in())


@app.command()
def build(
    lesson: Annotated[int | None, typer.Argument(help="One lesson's number; without it, all.", metavar="NN")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail where a file is not what build would write.")
    ] = False,
    nbgrader: Annotated[Path | None, typer.Option(help="Write a course tree for nbgrader into this folder.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite generated files that were edited by hand.")] = False,
) -> None:
    """Write the notebooks from solutions/ and src/."""
    from featherweight.authoring.command import build as write

    for line in write(lesson, check=check, nbgrader=nbgrader, force=force):
        typer.echo(line)


GRADES = Annotated[Path, typer.Argument(metavar="GRADES", help="The folder of `featherweight grade … --out`.")]
ROSTER = Annotated[Path | None, typer.Option(help="A CSV: whose folder or file it is, names and ids.")]
ATTEMPTS = Annotated[str, typer.Option(help="Of several submissions of a lesson, the best or the last counts.")]
LATE_OFF = Annotated[int, typer.Option(min=0, max=100, help="Per cent of the points that a late submission loses.")]
PRIVATE = Annotated[Path | None, typer.Option(help="The file of private cases and exercises, if one was used.")]


@app.command()
def grade(
    submissions: Annotated[Path, typer.Argument(metavar="SUBMISSIONS", help="A folder or zip of what was handed in.")],
    out: Annotated[Path, typer.Option(help="The folder of the gradebook; an earlier run in it goes on.")],
    seed_file: Annotated[Path | None, typer.Option(help="A text that nobody guesses: hidden cases come of it.")] = None,
    private: PRIVATE = None,
    lesson: Annotated[int, typer.Option(metavar="NN", min=0, help="Only this lesson.")] = 0,
    seconds: Annotated[float, typer.Option(help="For each exercise.")] = 10.0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Students at a time.")] = 1,
    cluster: Annotated[str, typer.Option(metavar="ADDRESS", help="A Dask scheduler: tcp://host:8786.")] = "",
    student: Annotated[str, typer.Option(help="Grade this student's notebooks again.")] = "",
    exercise: Annotated[str, typer.Option(help="Grade this exercise again, and keep all other results.")] = "",
    digits: Annotated[
        Path | None, typer.Option(metavar="FILE.npz", help="Hidden digits for the championship, in place of ours.")
    ] = None,
    unsafe: Annotated[bool, typer.Option("--unsafe", help="Without a sandbox: every grade is marked so.")] = False,
) -> None:
    """Grade submissions, each student's in a sandbox. Exit status 3 where no sandbox can be started."""
    from featherweight.grading.command import run, settings_for
    from featherweight.grading.grade import Again

    settings = settings_for(seed_file, private, digits, seconds=seconds, lesson=lesson, unsafe=unsafe)
    for line in run(submissions, out, settings, Again(student, exercise), jobs, cluster):
        typer.echo(line)


@app.command()
def override(
    grades: GRADES,
    student: Annotated[
        str, typer.Argument(metavar="STUDENT", help="The folder, which the report shows below the name.")
    ],
    exercise: Annotated[str, typer.Argument(metavar="EXERCISE")],
    points: Annotated[int | None, typer.Argument(metavar="[POINTS]", help="Without: take back what was given.")] = None,
    note: Annotated[str, typer.Option(help="Why, for the student to read.")] = "",
    private: PRIVATE = None,
    roster: ROSTER = None,
) -> None:
    """Give points by hand: they survive grading again, and stand above every rule."""
    from featherweight.grading.command import override as give

    for line in give(grades, student, exercise, points, note, private, roster):
        typer.echo(line)


@app.command()
def report(
    grades: GRADES,
    out: Annotated[Path | None, typer.Option(help="Where to write; by default, beside the gradebook.")] = None,
    roster: ROSTER = None,
    attempts: ATTEMPTS = "best",
    late_off: LATE_OFF = 0,
    private: PRIVATE = None,
) -> None:
    """Write report.html, a feedback page per student and a marking guide per lesson."""
    from featherweight.grading.course import read_course
    from featherweight.grading.private import read_book
    from featherweight.grading.report import write_report
    from featherweight.grading.standing import Rules

    course = read_course(grades, roster, Rules(attempts, late_off), read_book(private))
    for line in write_report(course, out or grades):
        typer.echo(line)


@app.command()
def export(
    grades: GRADES,
    to: Annotated[str, typer.Option(help="canonical, canvas, csv, gradescope, moodle or nbgrader.")],
    out: Annotated[Path | None, typer.Option(help="Where to write; by default, export/ in GRADES.")] = None,
    roster: ROSTER = None,
    attempts: ATTEMPTS = "best",
    late_off: LATE_OFF = 0,
    private: PRIVATE = None,
) -> None:
    """Write the grades as a file that a spreadsheet or a learning platform reads."""
    from featherweight.export.write import write_export
    from featherweight.grading.course import read_course
    from featherweight.grading.private import read_book
    from featherweight.grading.standing import Rules

    course = read_course(grades, roster, Rules(attempts, late_off), read_book(private))
    for line in write_export(course, to, out or grades / "export"):
        typer.echo(line)


@app.command()
def bench(
    only: Annotated[
        str | None,
        typer.Option(
            help="One part: setup, start, lessons, checks, widgets, optimizers, inference, compression, grading."
        ),
    ] = None,
) -> None:
    """Measure the book in the folder you are in, and renew its BENCHMARKS.md and BENCHMARKS.json."""
    from featherweight.bench.report import report

    report(only=only, show=typer.echo)


@app.command()
def site(
    out: Annotated[Path, typer.Option(help="The folder of the site; an earlier site in it goes.")] = Path("build/site"),
    lesson: Annotated[list[int] | None, typer.Option(metavar="NN", help="Only this one; may be given again.")] = None,
) -> None:
    """Build the book as a static site, whose cards live without a kernel. Needs a clone of the project."""
    from featherweight.authoring.build import find_root
    from featherweight.authoring.site.build import build_site

    typer.echo(build_site(find_root(), out, lesson or (), typer.echo))


@app.command()
def compress(
    model: Annotated[Path, typer.Argument(metavar="MODEL.pt", help="A module by torch.save(model, FILE), your own.")],
    data: Annotated[Path, typer.Option(metavar="FILE", help="inputs and labels: .npz, .pt or .safetensors.")],
    budget: Annotated[str | None, typer.Option(metavar="SIZE", help="Most bytes: 50kB, 1.5MB, 8000.")] = None,
    max_drop: Annotated[float | None, typer.Option(help="Most points of accuracy to lose; 1 without a budget.")] = None,
    minutes: Annotated[float, typer.Option(help="About the most time that it takes.")] = 5.0,
    out: Annotated[Path, typer.Option(help="The folder for MODEL.fw and MODEL.html.")] = Path("compressed"),
    code: Annotated[Path | None, typer.Option(metavar="FILE.py", help="Where the model's classes are defined.")] = None,
    make: Annotated[str | None, typer.Option(metavar="TEXT", help='What makes a new model there: "Net(10)".')] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete whole channels too, for fewer operations.")] = False,
    seed: Annotated[int, typer.Option(help="Decides how the data is cut and shuffled.")] = 0,
) -> None:
    """Make a classifier of your own small. Loading MODEL.pt runs code that is in it: only files that you trust."""
    from featherweight.artifact.compress.command import run

    options = {"code": code, "out": out, "minutes": minutes, "seed": seed, "deletes": delete, "make": make}
    for line in run(model, data, budget, max_drop, **options):
        typer.echo(line)


def main(arguments: list[str] | None = None) -> int:
    """Run one command. A wrong flag and every FeatherweightError become one line on stderr and exit status 2.

    NoSandbox has status 3: the submissions are fine, this machine is not.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    _print_anything()
    status = 2
    try:
        return app(arguments or ["--help"], prog_name="featherweight", standalone_mode=False) or 0
    except UsageError as problem:
        complaint = f"{problem.format_message().rstrip('.')}. See {_command(problem)} --help"
    except FeatherweightError as problem:
        complaint, status = str(problem), 3 if isinstance(problem, NoSandbox) else 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (typer.Abort, KeyboardInterrupt):
        return 130
    print("featherweight:", " ".join(complaint.split()), file=sys.stderr)
    return status


def _print_anything() -> None:
    """A file's name may hold what this terminal's encoding cannot: show it escaped."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _command(problem: Exception) -> str:
    context = getattr(problem, "ctx", None)
    return context.command_path if context else "featherweight"


if __name__ == "__main__":
    sys.exit(main())
