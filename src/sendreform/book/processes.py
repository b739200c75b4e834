"""Do each piece of work in a fresh process that is ready in milliseconds.

A server reads once what every notebook needs: the package and the tables of ``data/``. For each
piece of work it forks a child, which begins where the server stands and ends with its work, so that
no notebook finds anything that another left behind. Drawing a chart is a pure function of its
specification, and what draws takes long to start: some processes do nothing else, for all children.
Where a system cannot fork, each piece of work has a new process of its own; that is slower and
gives the same.

A child hands over what it made and ends with whoever asked for it.
"""

import atexit
import contextlib
import gc
import os
import pickle
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from altair.utils import schemapi

from sendreform.book.warming import warm
from sendreform.charts import svg
from sendreform.errors import ReportError
from sendreform.store import project_root

#: A child that was killed, for lack of memory perhaps, is given one more chance.
ATTEMPTS = 2
#: Libraries start no threads of their own in the server: a thread does not survive a fork.
WITHOUT_THREADS = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
STOPPED = "stopped before it was done"
CAN_FORK = hasattr(os, "fork")
#: How often a server looks whether those it started are still there, in seconds.
LOOK = 0.5

Made = TypeVar("Made")


class Work(NamedTuple):
    """A function, known by its module and name, and what it is called with."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]


def usable_cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    function: Callable[..., Made], *arguments: Any, root: Path, state: str, places: bool = False
) -> Made:
    """Call a function in a fresh process and return what it returns.

    Parameters
    ----------
    function, arguments
        Both must go through pickle, and so must what is returned.
    root
        The project; the function begins in its folder.
    state
        The state of the project: what was read for an older one is not used.
    places
        Whether so much is to be run that it pays to work out first what all places share.

    Raises
    ------
    ReportError
        If the process was killed, and so was a second one.
    Exception
        What the function raises.

    It is a ``ReportError`` too where :func:`stop` ended the work.
    """
    work = Work(function, arguments)
    for _ in range(ATTEMPTS):
        try:
            answer = _asked(root, state, places, work) if CAN_FORK else _in_new_process(root, work)
        except (EOFError, ConnectionError):
            continue
        if isinstance(answer, Exception):
            raise answer
        made: Made = answer
        return made
    raise ReportError("the process was killed, and so was a second one; is memory short?")


def stop() -> None:
    """End what was started here, and all that still runs in it."""
    with _starting:
        _stop_all()


# Asking the server -----------------------------------------------------------------------------


@dataclass
class _Server:
    """A running server: its process and its address."""

    process: subprocess.Popen[bytes]
    folder: Path
    stopped: bool = False

    @property
    def address(self) -> str:
        return str(self.folder / "ask")

    def stop(self) -> None:
        """End the server and its children with it."""
        assert self.process.stdin
        # One that was killed is no reason for those who wait for it to give up.
        self.stopped = self.process.poll() is None
        self.process.stdin.close()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


_servers: dict[tuple[Path, str, bool], _Server] = {}
_starting = threading.Lock()


def _server(root: Path, state: str, places: bool) -> _Server:
    """Return the server for a project as it stands; one that read an older state is ended."""
    with _starting:
        server = _servers.get((root, state, places))
        if server is None or server.process.poll() is not None:
            _stop_all()
            server = _servers[root, state, places] = _start(root, places)
        return server


def _stop_all() -> None:
    while _servers:
        _servers.popitem()[1].stop()


atexit.register(stop)


def _start(root: Path, places: bool) -> _Server:
    folder = Path(tempfile.mkdtemp(prefix="sendreform-"))
    # Made here, so that who asks before the server is ready waits instead of failing.
    with _listening(folder / "ask") as ask, _listening(folder / "draw") as draw:
        process = subprocess.Popen(
            [sys.executable, "-c", f"from {__name__} import serve; serve(places={places})",
             str(ask.fileno()), str(draw.fileno()), str(folder / "draw")],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=root,
            env=os.environ | WITHOUT_THREADS,
            pass_fds=[ask.fileno(), draw.fileno()],
            start_new_session=True,  # an interrupt from the keyboard is for who asked, not for it
        )  # fmt: skip
    return _Server(process, folder)


@contextlib.contextmanager
def _listening(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1024)
        yield listener


def _asked(root: Path, state: str, places: bool, work: Work) -> Any:
    server, connection = _reached(root, state, places)
    try:
        with connection:
            connection.send(work)
            return connection.recv()
    except (EOFError, ConnectionError) as error:
        if server.stopped:  # on purpose, so it is not tried again
            raise ReportError(STOPPED) from error
        raise


def _reached(root: Path, state: str, places: bool) -> tuple[_Server, Connection]:
    """Return a server and a connection to it; where it is gone, another one's."""
    while True:
        server = _server(root, state, places)
        try:
            return server, _connected(server.address)
        except OSError as error:
            if server.stopped:
                raise ReportError(STOPPED) from error
            server.process.wait()


def _connected(address: str) -> Connection:
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(address)
        return Connection(caller.detach())


def _in_new_process(root: Path, work: Work) -> Any:
    """Do a piece of work in a process that imports and reads everything for itself."""
    finished = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import work_alone; work_alone()"],
        input=pickle.dumps(work),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=root,
        env=os.environ | WITHOUT_THREADS,
        check=False,
    )
    return pickle.loads(finished.stdout)  # raises EOFError where there is nothing


def work_alone() -> None:
    """Do the piece of work that is given on the standard input; the whole of a process."""
    work = pickle.load(sys.stdin.buffer)
    with os.fdopen(os.dup(1), "wb") as answer:
        _be_quick_and_silent()
        pickle.dump(_done(work), answer)


# The server ------------------------------------------------------------------------------------


def serve(*, places: bool) -> None:
    """Get ready, then fork a child for everyone who asks; the whole of a process.

    Ends, and ends its children, when the standard input does: when who started it is gone.
    """
    ask, draw = (socket.socket(fileno=int(number)) for number in sys.argv[1:3])
    alive = os.dup(0)
    svg.draw_with(_drawn_by(sys.argv[3]))
    _be_quick_and_silent()
    warm(project_root(), places=places)
    # What is at hand now stays: no child's clean-up touches, and so copies, its pages.
    gc.collect()
    gc.freeze()
    children: dict[int, Callable[[], None]] = {}

    def fork(task: Callable[[], None]) -> None:
        child = os.fork()
        if child == 0:
            # Were a child to keep the door open, whoever knocks after the server would wait.
            ask.close()
            # A child that fails ends as one that was killed; the next begins afresh.
            try:
                task()
            finally:
                os._exit(0)
        children[child] = task

    def draw_charts() -> None:
        _draw(draw)

    def answer(caller: socket.socket) -> None:
        draw.close()
        _answer(caller)

    for _ in range(usable_cores()):
        fork(draw_charts)
    while True:
        ready, _, _ = select.select([ask.fileno(), alive], [], [], LOOK)
        for child in _ended(children):
            if children.pop(child) is draw_charts:
                fork(draw_charts)
        if alive in ready:
            break
        if ask.fileno() in ready:
            caller, _ = ask.accept()
            fork(partial(answer, caller))
            caller.close()
    for child in children:
        os.kill(child, signal.SIGKILL)
    shutil.rmtree(Path(sys.argv[3]).parent, ignore_errors=True)  # who started it may be gone


def _ended(children: Mapping[int, object]) -> list[int]:
    return [child for child in children if os.waitpid(child, os.WNOHANG)[0]]


def _be_quick_and_silent() -> None:
    """Spare Altair its checks, which the tests make; send what passes Python by nowhere."""
    schemapi.disable_debug_mode()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _done(work: Work) -> Any:
    """Return what a function returns or raises."""
    try:
        return work.function(*work.arguments)
    except Exception as error:
        return error


def _answer(caller: socket.socket) -> None:
    """Do what a caller asks for and hand it over; end early when the caller does."""
    connection = Connection(caller.detach())
    work = connection.recv()
    threading.Thread(target=_end_with, args=[connection], daemon=True).start()
    connection.send(_done(work))


def _end_with(connection: Connection) -> None:
    with contextlib.suppress(OSError):
        connection.poll(None)  # nothing more is ever sent: the connection has ended
    os._exit(1)


# Drawings --------------------------------------------------------------------------------------


def _draw(listener: socket.socket) -> None:
    """Draw what is asked for, one chart after the other, as long as the server is there."""
    server = os.getppid()
    listener.settimeout(LOOK)
    while os.getppid() == server:
        with contextlib.suppress(TimeoutError, EOFError, ConnectionError):
            caller, _ = listener.accept()
            caller.setblocking(True)
            with Connection(caller.detach()) as connection:
                connection.send(svg.drawn_here(connection.recv()))


def _drawn_by(address: str) -> Callable[[dict[str, Any]], str]:
    def drawn(specification: dict[str, Any]) -> str:
        try:
            with _connected(address) as connection:
                connection.send(specification)
                return str(connection.recv())
        except (EOFError, ConnectionError):
            return svg.drawn_here(specification)

    return drawn
