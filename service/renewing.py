"""What many share is renewed by one at a time, and to its end, though whoever asked for it has gone."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Turns:
    """Work that takes turns. A thread cannot be stopped, so neither is the work that waits for it.

    A request that is cancelled would else leave its thread changing what the next request, which finds
    nobody at work, begins to change as well.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()

    async def take(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What *work* returns when its turn has come."""
        task = asyncio.create_task(self._alone(work))
        self._tasks.add(task)  # the event loop itself keeps no task alive
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _alone(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        async with self._lock:
            return await work()
