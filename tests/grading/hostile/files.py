"""Hostile submissions that read or write what is not theirs. Each tells in given["marks"] how far it got."""


def reads_a_file(given):
    try:
        with open(given["file"]) as file:
            given["marks"].append(file.read())
    except OSError as problem:
        given["marks"].append(type(problem).__name__)


def reads_the_passwords(given):
    for path in ("/etc/passwd", "/etc/shadow", "/proc/1/root/etc/passwd"):
        try:
            with open(path) as file:
                given["marks"].append(f"read {len(file.read())}")
        except OSError as problem:
            given["marks"].append(type(problem).__name__)


def reads_other_students(given):
    import os

    found = [name for _, _, names in os.walk(given["folder"]) for name in names]
    given["marks"].append(f"saw {len(found)}: {' '.join(found)}")


def climbs_out(given):
    import os

    outside = given["file"].lstrip("/")
    roots = ["/proc/1/root/", "/proc/1/cwd/", "/proc/self/root/", "../" * 40, "/oldroot/", "/newroot/", "/tmp/oldroot/"]
    here = os.open("/", os.O_RDONLY)
    for root in roots:
        try:
            with open(os.open(root + outside, os.O_RDONLY, dir_fd=here)) as file:
                given["marks"].append(file.read())
        except OSError:
            given["marks"].append("no way")


def rewrites_the_gradebook(given):
    import sqlite3

    try:
        with sqlite3.connect(f"file:{given['gradebook']}?mode=rw", uri=True) as database:
            database.execute("update grades set points = 100")
        given["marks"].append("rewritten")
    except sqlite3.Error as problem:
        given["marks"].append(type(problem).__name__)


def writes_everywhere(given):
    import os
    import sys

    places = [
        given["folder"],
        os.path.dirname(given["file"]),
        sys.prefix,
        sys.base_prefix,
        os.path.dirname(os.__file__),
    ]
    places += ["/", "/usr", "/usr/local/lib", "/usr/src", "/etc", "/dev", "/proc", "/sys", "/root", "/home"]
    wrote = []
    for place in places:
        try:
            with open(os.path.join(place, "planted"), "w") as file:
                file.write("planted")
            wrote.append(place)
        except OSError:
            pass
    given["marks"].append(f"wrote {wrote}")


def changes_what_it_can_read(given):
    import os
    import sys

    paths = [sys.executable, os.__file__, sys.modules["wire"].__file__, given["file"]]
    done = []
    for path in paths:
        for change in (os.unlink, lambda path: os.chmod(path, 0o777), lambda path: os.truncate(path, 0)):
            try:
                change(path)
                done.append(path)
            except OSError:
                pass
    given["marks"].append(f"changed {done}")


def opens_what_others_hold_open(given):
    import os

    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            numbers = os.listdir(f"/proc/{process}/fd")
        except OSError:
            continue
        for number in numbers:
            try:
                found.append(os.readlink(f"/proc/{process}/fd/{number}"))
            except OSError:
                continue
    regular = [path for path in found if path.startswith("/") and path not in ("/dev/null", "/proc")]
    given["marks"].append(f"regular {[path for path in regular if not path.startswith('/proc/')]}")


def fills_the_folders(given):
    for place in ("/tmp", "/dev/shm"):
        try:
            for number in range(64):
                with open(f"{place}/{number}", "wb") as file:
                    file.write(bytes(8 * 2**20))
            given["marks"].append("512 MiB")
        except OSError as problem:
            given["marks"].append(problem.strerror)


def writes_one_huge_file(given):
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        with open("/tmp/huge", "wb") as file:
            for _ in range(80):
                file.write(bytes(2**20))
        given["marks"].append("80 MiB")
    except OSError as problem:
        given["marks"].append(problem.strerror)


def borrows_the_book(given):
    import importlib
    import os
    import sys

    found = []
    for top in (given["checkout"], "/usr/src", "/usr/local", sys.prefix, sys.base_prefix):
        found += [place for place, _, names in os.walk(top) if "lesson_01.py" in names]
    try:
        module, name = given["reference"]
        answer = getattr(importlib.import_module(module), name)(*given["inputs"])
        given["marks"].append("borrowed")
        return answer
    except ImportError:
        given["marks"].append(f"none in {found}")


SECONDS = 30
ATTACKS = {
    reads_a_file: ({"wrong"}, "FileNotFoundError", "canary"),
    reads_the_passwords: ({"wrong"}, "FileNotFoundError FileNotFoundError FileNotFoundError", "read"),
    reads_other_students: ({"wrong"}, "saw 0: ", "saw [2-9]: .*canary"),
    climbs_out: ({"wrong"}, "no way( no way){6}", "canary"),
    rewrites_the_gradebook: ({"wrong"}, "OperationalError", "rewritten"),
    writes_everywhere: ({"wrong"}, r"wrote \[\]", None),
    changes_what_it_can_read: ({"wrong"}, r"changed \[\]", None),
    opens_what_others_hold_open: ({"wrong"}, r"regular \[\]", None),
    fills_the_folders: ({"wrong"}, "No space left on device No space left on device", None),
    writes_one_huge_file: ({"wrong"}, "File too large|No space left on device", None),
    borrows_the_book: ({"wrong"}, r"none in \[\]", "borrowed"),
}
