"""What a person asks of a run that goes on: to pause, to make one step, to resume, to stop."""

from __future__ import annotations

import threading


class Control:
    """Takes commands from any thread; the run asks before each step what it shall do."""

    def __init__(self, paused: bool = False) -> None:
        self.paused = paused
        self._stopped = False
        self._steps = 0
        self._changed = threading.Condition()

    def obey(self, command: str) -> None:
        """Take a command: pause, step, resume or stop; "step" pauses after the next step."""
        with self._changed:
            match command:
                case "pause":
                    self.paused = True
                case "step":
                    self.paused = True
                    self._steps += 1
                case "resume":
                    self.paused, self._steps = False, 0
                case "stop":
                    self._stopped = True
                case _:
                    raise ValueError(
                        f"received the command {command!r}, expected pause, step, resume or stop"
                    )
            self._changed.notify_all()

    def should_stop(self) -> bool:
        """Whether the run shall end."""
        return self._stopped

    def wait(self) -> bool:
        """Wait as long as the run is paused; whether the next step is to be made alone."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopped or not self.paused or self._steps)
            alone = self.paused and self._steps > 0 and not self._stopped
            self._steps -= alone
        return alone
