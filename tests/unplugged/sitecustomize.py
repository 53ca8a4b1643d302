"""With this folder on PYTHONPATH, what would leave the machine is refused and told on standard error.

Connections, datagrams and name look-ups are caught; loopback and Unix sockets pass.
"""

from __future__ import annotations

import sys
from typing import Any

_LOCAL = {"", "localhost", "127.0.0.1", "::1"}
_HOST_FIRST = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_ADDRESS_SECOND = {"socket.connect", "socket.sendto", "socket.sendmsg"}


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _HOST_FIRST:
        host = arguments[0]
    elif event in _ADDRESS_SECOND and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode(errors="replace")
    if isinstance(host, str) and host not in _LOCAL:
        print(f"reached out: {host}", file=sys.stderr, flush=True)
        raise OSError(f"{event} to {host} is refused")


sys.addaudithook(refuse)
