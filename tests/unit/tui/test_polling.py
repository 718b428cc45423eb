"""Polling and debouncing, over timers that the test fires."""

from __future__ import annotations

from qtui.tui.polling import Debouncer, DelayedCall, Poller
from tests.unit.tui.fakes import FakeClock


def poller_of(clock: FakeClock, polls: list[str], max_idle_polls: int = 2) -> Poller:
    return Poller(clock.start_timer, lambda: polls.append("poll"), active_s=1, idle_s=9, max_idle_polls=max_idle_polls)


def test_a_poll_runs_after_its_pause_and_is_not_scheduled_again_by_itself() -> None:
    clock, polls = FakeClock(), list[str]()
    poller = poller_of(clock, polls)
    poller.schedule()
    assert poller.is_scheduled and not polls
    clock.timers[0].fire()
    assert polls == ["poll"] and not poller.is_scheduled and len(clock.timers) == 1


def test_polls_slow_down_after_idle_polls_and_speed_up_with_the_next_change() -> None:
    clock = FakeClock()
    poller = poller_of(clock, [])
    delays = []
    for changed in (False, False, True):
        poller.report(changed=changed)
        delays.append(poller.interval_s)
    assert delays == [1, 9, 1]


def test_after_a_failure_the_next_poll_comes_after_the_long_pause() -> None:
    poller = poller_of(FakeClock(), [])
    poller.report_failure()
    assert poller.interval_s == 9


def test_a_schedule_replaces_the_one_before_even_if_its_timer_fires_late() -> None:
    clock, polls = FakeClock(), list[str]()
    poller = poller_of(clock, polls)
    poller.schedule()
    poller.schedule()
    assert clock.timers[0].stopped
    clock.timers[0].fire()
    assert not polls
    clock.timers[1].fire()
    assert polls == ["poll"]


def test_a_stopped_poller_polls_no_more() -> None:
    clock, polls = FakeClock(), list[str]()
    poller = poller_of(clock, polls)
    poller.schedule()
    poller.stop()
    clock.timers[0].fire()
    assert not polls and not poller.is_scheduled


def test_a_later_call_of_the_same_name_replaces_an_earlier_one_and_no_other() -> None:
    clock, calls = FakeClock(), list[str]()
    debouncer = Debouncer(clock.start_timer)
    debouncer.call_after(1, "run", lambda: calls.append("first"))
    debouncer.call_after(1, "run", lambda: calls.append("second"))
    debouncer.call_after(1, "experiment", lambda: calls.append("other"))
    assert debouncer.is_pending("run") and debouncer.has_pending
    for timer in clock.timers:
        timer.fire()
    assert calls == ["second", "other"] and not debouncer.has_pending


def test_a_delayed_call_is_made_once_however_often_it_is_requested() -> None:
    clock, calls = FakeClock(), list[str]()
    call = DelayedCall(clock.start_timer, lambda: calls.append("call"))
    call.request(1)
    call.request(5)
    assert [timer.delay for timer in clock.timers] == [1] and call.is_pending
    clock.fire_all()
    assert calls == ["call"] and not call.is_pending


def test_a_delayed_call_that_was_made_or_cancelled_is_not_made_later() -> None:
    clock, calls = FakeClock(), list[str]()
    call = DelayedCall(clock.start_timer, lambda: calls.append("call"))
    call.request(1)
    call.make()
    call.request(1)
    call.cancel()
    clock.fire_all()
    assert calls == ["call"] and not call.is_pending
