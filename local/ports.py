import socket

LOOPBACK = "127.0.0.1"


def loopback_socket() -> socket.socket:
    """A socket bound to a free port of the loopback address, for a child process to listen on.

    The port is the child's from the first moment: nobody can take it between choice and use.
    """
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((LOOPBACK, 0))
    return bound
