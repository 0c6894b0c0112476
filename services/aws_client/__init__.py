"""The client both functions call AWS with: HTTP/1.1 over many connections, in one thread.

How it works. From below: a ``Channel`` is a socket with or without TLS that never waits, a
``Connection`` speaks HTTP on it, one request at a time. A ``Transport`` has some dozens of them
(``Lines``), which one ``poll`` watches; it calls ``done`` with whatever has ended. ``JsonService``
signs the calls of DynamoDB and EventBridge and reads their answers. ``S3`` reads objects over one
connection that it waits for. ``clients`` makes them from the environment. There are no threads, no
futures and no event loop: each of these costs more than a request does.

States of a connection: connecting, shaking hands, asked, idle, closed. It is asked when it is given
a request, even before it is open. A complete answer makes it idle, unless the answer said that it
is the last, or anything followed it. An error in any state closes it, and fails the request that it
had; nothing else does, but closing the transport. What an idle connection receives closes it,
because it could be taken for the next answer, as does its end, which harms nobody.

Why no request is lost or answered twice. A request is in exactly one place: the queue (there was no
room), a line, or the list of those that have failed. ``done`` is taken from that place before it is
called, and everything else is settled then, so that it may send, and may raise: the exception
leaves ``poll``, and the next ``poll`` finds the remaining sockets still readable. The answer is the
request's own because a connection has one request at a time and nothing before it is left unread.

What bounds memory. A line holds one request and one answer, at most 16 MiB and in practice some
hundred bytes. The queue holds what the caller sends without asking ``has_room``. Of an object, a
chunk of 256 KiB and what one ``recv`` brings is held; the rest waits at the server.

What bounds time. Every state but idle has a deadline, counted from its beginning, not from the last
byte: a server that drips does not gain time. (An object is read slowly on purpose, so there silence
is bounded instead.) What has arrived by then is read before it is judged, as a function may have
been frozen, or busy, in between.

Worst cases. Resolving a name blocks, for as long as the system's resolver takes (five seconds,
twice, on Linux); its answer is kept for five seconds. A wrong certificate fails each request at
once. An answer that nobody asked for and that arrives after the next request was sent is taken for
its answer: HTTP/1.1 can't tell, and the checksum of DynamoDB's answers does not either.

What is left to the caller: repeating. Errors say whether that may help (``is_transient``). Only a
request that was signed by a wrong clock or with expired credentials is repeated here, once.
"""
