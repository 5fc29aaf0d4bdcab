"""Other people at work: sessions that each edit a network of their own, once a second.

They speak Streamlit's protocol themselves, which costs a fraction of what twenty browsers would
cost on the same machine. Not a benchmark by itself: ``round_trip.py`` starts it.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect


@dataclass
class Person:
    """One session: a LeNet-5 whose first convolution gets another width at each edit."""

    number: int
    url: str
    canvas: str = ""
    fragment: str = ""
    acknowledged: int = 0
    sent: int = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def client(self) -> str:
        """What this session calls itself: a name of this process alone."""
        return f"p{self.number}-{os.getpid()}"

    async def work(self) -> None:
        """Edit until cancelled."""
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        async with connect(address, max_size=None, subprotocols=["streamlit"]) as socket:  # type: ignore[list-item]
            await self._ask(socket, [])
            await self._ask(socket, [{"op": "template", "template": "lenet5"}])
            await asyncio.sleep(self.number / 20)
            for turn in itertools.count():
                begun = time.perf_counter()
                width = 4 + (turn * 7 + self.number) % 60
                edit = {"op": "set", "block": "b1", "name": "out_channels", "value": width}
                await self._ask(socket, [edit])
                self.seconds.append(time.perf_counter() - begun)
                await asyncio.sleep(max(0.0, 1 - self.seconds[-1]))

    async def _ask(self, socket: ClientConnection, operations: list[dict[str, object]]) -> None:
        """Send edits and wait until the page has run and its answer counts them."""
        message = BackMsg()
        message.rerun_script.query_string = f"network=crowd-of-people-{self.number}"
        numbered = []
        for operation in operations:
            self.sent += 1
            numbered.append(operation | {"seq": self.sent})
        if numbered:
            outbox = {"client": self.client, "has": "seen", "operations": numbered}
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.json_value = self.canvas, json.dumps({"outbox": outbox})
            message.rerun_script.fragment_id = self.fragment
        await socket.send(message.SerializeToString())
        finished = False
        while not finished or self.acknowledged < self.sent:
            answer = ForwardMsg.FromString(await socket.recv())  # type: ignore[arg-type]
            finished = finished or answer.WhichOneof("type") == "script_finished"
            element = answer.delta.new_element.bidi_component
            if element.component_name == "components.canvas":
                self.canvas, self.fragment = element.id, answer.delta.fragment_id
                data = json.loads(element.json or element.mixed.json)
                if data["client"] == self.client:
                    self.acknowledged = data["ack"]


async def gather(url: str, count: int) -> None:
    """Work until the standard input closes, then print the milliseconds of each edit."""
    people = [Person(number, url) for number in range(count)]
    tasks = [asyncio.create_task(person.work()) for person in people]
    closed = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    while not all(len(person.seconds) >= 2 for person in people):
        await asyncio.sleep(0.1)
        for task in tasks:
            if task.done():
                task.result()
    print("ready", flush=True)
    for person in people:
        person.seconds.clear()
    await asyncio.wait([closed, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        if task.done():
            task.result()
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    times = itertools.chain.from_iterable(person.seconds for person in people)
    print(json.dumps([1000 * seconds for seconds in times]), flush=True)


if __name__ == "__main__":
    asyncio.run(gather(sys.argv[1], int(sys.argv[2])))
