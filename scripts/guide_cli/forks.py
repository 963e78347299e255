"""Forks: one function over many items, side by side, in forked processes that share what the parent has in memory."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Generic, TypeVar

# Below this, starting processes takes longer than reading documents one by one.
WORTH_FORKING = 100

T = TypeVar("T")
R = TypeVar("R")


class ForkError(Exception):
    """A forked process ended before it had answered."""


def can_fork() -> bool:
    """Say whether Python may be forked here; on macOS the libraries of the system do not survive it."""
    return sys.platform == "linux"


def cores() -> int:
    """Return how many processes can run at the same time."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@contextmanager
def _ctrl_c_waits() -> Iterator[None]:
    """Hold Ctrl-C back: in the middle of a fork it is lost. What is forked never sees it: it is for the parent."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Forks(Generic[T, R]):
    """Calls `work` on each of `items` in up to `workers` processes, from the moment it is entered.

    The block may do something else meanwhile, then asks for the `results`. Leaving it ends every process, whatever
    happened. Functions and items are shared, only results travel; `work` answers for its own exceptions.
    """

    def __init__(self, work: Callable[[T], R], items: Sequence[T], workers: int) -> None:
        self.work = work
        self.items = items
        self.workers = max(1, min(workers, len(items)))
        self.running: list[tuple[multiprocessing.process.BaseProcess, multiprocessing.connection.Connection]] = []

    def __enter__(self) -> Forks[T, R]:
        context = multiprocessing.get_context("fork")
        gc.freeze()  # what is there now is never collected: looking at it would copy the memory that forks share
        tasks = _tasks(len(self.items))
        try:
            with _ctrl_c_waits():
                for _ in range(self.workers):
                    receive, send = context.Pipe(duplex=False)
                    process = context.Process(target=self._run, args=(tasks, os.getpid(), send), daemon=True)
                    self.running.append((process, receive))
                    process.start()
                    send.close()  # the process has its own end: when it dies, ours reads the end of the stream
        except BaseException:
            self._end()
            raise
        finally:
            os.close(tasks)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def results(self) -> list[R]:
        """Return what `work` gave for each item, in the order of the items. Raises ForkError."""
        found: dict[int, R] = {}
        for process, receive in self.running:
            try:
                found.update(receive.recv())
            except EOFError:
                process.join()
                raise ForkError(f"a worker ended with code {process.exitcode} before it had answered") from None
        return [found[number] for number in range(len(self.items))]

    def _run(self, tasks: int, parent: int, send: multiprocessing.connection.Connection) -> None:
        for _, receive in self.running:
            receive.close()  # held open here, it would keep us waiting for a parent that is gone
        results = {}
        while task := os.read(tasks, _TASK.size):
            for number in range(*_TASK.unpack(task)):
                if os.getppid() != parent:
                    return  # nobody is left to answer to
                results[number] = self.work(self.items[number])
        send.send(results)

    def _end(self) -> None:
        for process, receive in self.running:
            receive.close()
            if process.pid is not None:
                process.terminate()
                process.join()
        gc.unfreeze()


_TASK = struct.Struct("II")  # the first item of a task, and the first that is none of it
_MOST_TASKS = 4096  # what fits into a pipe that nobody reads yet


def _tasks(count: int) -> int:
    """Return a pipe with all tasks in it: whoever is free reads the next one, with no lock that a death could hold."""
    step = -(-count // _MOST_TASKS) or 1
    read, write = os.pipe()
    os.write(write, b"".join(_TASK.pack(first, min(first + step, count)) for first in range(0, count, step)))
    os.close(write)
    return read


def side_by_side(work: Callable[[T], R], items: Sequence[T], *, worth: int | None = None) -> list[R]:
    """Return what `work` gives for each of `items`, from as many processes as there are cores where that is faster.

    `worth` is how many documents the work is about; the number of items if not given.
    """
    if not can_fork() or (len(items) if worth is None else worth) < WORTH_FORKING:
        return [work(item) for item in items]
    with Forks(work, items, cores()) as forks:
        return forks.results()
