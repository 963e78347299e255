"""Forked workers: results in order, and no process left behind, whatever happens."""

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from guide_cli.forks import ForkError, Forks

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")


def alive():
    return [child.pid for child in multiprocessing.active_children()]


@pytest.mark.parametrize("workers", [1, 2, 3, 9])
def test_results_stand_in_the_order_of_the_items(workers):
    with Forks(lambda item: item * item, range(7), workers) as forks:
        assert forks.results() == [0, 1, 4, 9, 16, 25, 36]


def test_no_items_are_no_work():
    with Forks(str, [], 4) as forks:
        assert forks.results() == []


def test_the_work_happens_in_other_processes():
    both = multiprocessing.get_context("fork").Barrier(2)

    def meet(_):
        both.wait()
        return os.getpid()

    with Forks(meet, range(4), 2) as forks:
        found = forks.results()
    assert len(set(found)) == 2
    assert os.getpid() not in found


def test_what_is_larger_than_a_pipe_arrives():
    with Forks(lambda item: str(item) * 1_000_000, range(4), 2) as forks:
        assert [len(one) for one in forks.results()] == [1_000_000] * 4


DEATHS = {
    "killed": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "gone": lambda _: os._exit(0),
    "raised": lambda _: 1 // 0,
}


@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
def test_a_worker_that_dies_is_an_error(death, capfd):
    with pytest.raises(ForkError, match="ended with code"), Forks(death, range(4), 2) as forks:
        forks.results()
    assert alive() == []


def test_leaving_early_ends_the_workers(tmp_path):
    def slow(_):
        time.sleep(2)
        (tmp_path / "done").touch()

    with pytest.raises(KeyboardInterrupt), Forks(slow, range(2), 2):
        raise KeyboardInterrupt
    assert alive() == []
    assert not (tmp_path / "done").exists()


def test_ctrl_c_does_not_reach_the_workers():
    with Forks(lambda _: os.kill(os.getpid(), signal.SIGINT) or "worked on", range(2), 2) as forks:
        assert forks.results() == ["worked on"] * 2


@pytest.mark.parametrize("items", [2, 100], ids=["while sending", "between items"])
def test_workers_whose_parent_is_gone_end(tmp_path, items):
    def orphan(_):
        (tmp_path / str(os.getpid())).touch()
        time.sleep(0.3)
        return "x" * 1_000_000  # more than a pipe holds: nobody reads it

    parent = os.fork()
    if not parent:
        with Forks(orphan, range(items), 2) as forks:
            forks.results()
        os._exit(0)
    while len(list(tmp_path.iterdir())) < 2:
        time.sleep(0.02)
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    workers = [int(file.name) for file in tmp_path.iterdir()]
    deadline = time.monotonic() + 10
    while any(running(pid) for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_who_is_free_takes_the_next_item():
    others_done = multiprocessing.get_context("fork").Event()

    def work(item):
        if item == 0:
            assert others_done.wait(60)
        if item == 5:
            others_done.set()
        return item

    with Forks(work, range(6), 2) as forks:
        assert forks.results() == list(range(6))


def test_more_items_than_a_pipe_holds_tasks_are_all_done():
    with Forks(lambda item: item, range(10_000), 3) as forks:
        assert forks.results() == list(range(10_000))
