"""What can be measured: the modes, the servers, and the tables that put them together."""

import os
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE / "target"
C_PROGRAMS = TARGET / "c"
CLASSES = TARGET / "servers"
RIVALS = TARGET / "rivals"
CERTIFICATE = TARGET / "tls"
EVY_CLASSES = HERE.parent / "evy-core" / "target" / "classes"
EVY_WEB_CLASSES = HERE.parent / "evy-web" / "target" / "classes"
AGENT = HERE.parent / "evy-patcher" / "target" / "evy.jar"

JAVA_FLAGS = ["-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData"]
ONE_CARRIER = [
    "-Djdk.virtualThreadScheduler.parallelism=1",
    "-Djdk.virtualThreadScheduler.maxPoolSize=1",
]
HUB_FLAGS = [
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
]
JDK_HTTP_FLAGS = [
    *ONE_CARRIER,
    "-Dsun.net.httpserver.nodelay=true",
    "-Dsun.net.httpserver.maxIdleConnections=10000",
]
NETTY_FLAGS = [
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dio.netty.leakDetection.level=disabled",
]


class Mode:
    """What a client does with a server."""

    def __init__(
        self,
        name,
        operation,
        serves,
        load,
        floor=None,
        per_connection=1,
        mib_per_second=None,
        most=None,
    ):
        self.name = name
        self.operation = operation  # what is counted
        self.serves = serves  # what the server is told to do
        self.program, *self.load = load  # the load generator, and what it is told to do
        self.floor = floor  # the C server that does the same, if there is one
        self.per_connection = per_connection  # descriptors that a server needs for one
        self.mib_per_second = mib_per_second  # roughly, if a round ends when all bytes are through
        self.most = most  # connections

    @property
    def is_timed(self):
        """Whether a round lasts a given time; else it moves a given number of bytes."""
        return self.mib_per_second is None

    @property
    def needs_certificate(self):
        return self.serves in ("tls", "https")

    def load_command(self, port, listener, connections, options, seconds, warmup):
        """What puts a server under load; to it the server's process id is added."""
        window = [connections, seconds, warmup]
        if self.program == "copy":
            return [C_PROGRAMS / "copy", port, listener, options.mib, connections]
        if self.program == "tls":
            amount = window if self.is_timed else [options.mib, connections]
            return [C_PROGRAMS / "tls", *self.load, port, *amount]
        return [C_PROGRAMS / self.program, port, *self.load, *window]


WEB_CONNECTIONS = 64  # but for the first row of the table


def web(name, serves, load, floor="echo_epoll", most=WEB_CONNECTIONS):
    return Mode(name, "request", serves, ("http", *load), floor, most=most)


MODES = {
    mode.name: mode
    for mode in [
        Mode("echo", "message", "echo", ("load", "echo", 64), "echo_epoll"),
        Mode("echo16k", "message", "echo", ("load", "echo", 16 * 1024), "echo_epoll"),
        Mode("hello", "request", "hello", ("load", "hello", 0), "echo_epoll"),
        Mode("udp", "round trip", "udp", ("load", "udp", 64), "udp_epoll"),
        Mode(
            "forward",
            "MiB",
            "forward",
            ("copy",),
            "forward_epoll",
            per_connection=2,
            mib_per_second=500,
        ),
        Mode("tls-handshake", "handshake", "tls", ("tls", "handshake")),
        Mode("tls-bulk", "MiB", "tls", ("tls", "bulk"), mib_per_second=200),
        Mode("ws64", "message", "ws", ("websocket", "plain", 64)),
        Mode("ws1k", "message", "ws", ("websocket", "plain", 1024)),
        Mode("ws64k", "message", "ws", ("websocket", "plain", 64 * 1024)),
        Mode("ws64-deflate", "message", "ws-deflate", ("websocket", "deflate", 64)),
        Mode("ws1k-deflate", "message", "ws-deflate", ("websocket", "deflate", 1024)),
        Mode("ws64k-deflate", "message", "ws-deflate", ("websocket", "deflate", 64 * 1024)),
        web("web-hello", "hello", ("hello", "plain", 1), most=None),
        web("web-pipelined", "hello", ("hello", "plain", 16)),
        web("web-json", "json", ("json", "plain", 1)),
        web("web-body", "body", ("body", "plain", 1)),
        web("web-upload", "upload", ("upload", "plain", 1)),
        web("web-close", "close", ("hello", "close", 1)),
        web("web-tls", "https", ("hello", "tls", 1)),
    ]
}

PLAIN_WEBSOCKET = frozenset(["ws"])
WEBSOCKET = frozenset(["ws", "ws-deflate"])
EVERY_PROTOCOL = frozenset(["echo", "hello", "udp", "forward", "tls"])
HTTP = frozenset(["hello", "json", "body", "upload", "close", "https"])
NOT_TLS = (EVERY_PROTOCOL | HTTP) - {"tls", "https"}


class Server:
    """One program to be measured."""

    def __init__(self, name, title, main, flags=(), jars=(), serves=EVERY_PROTOCOL, most=None):
        self.name = name
        self.title = title
        self.main = main  # class; None for the C program of the mode
        self.flags = list(flags)
        self.jars = list(jars)
        self.serves = serves
        self.most = most  # connections

    @property
    def source(self):
        """What has to be compiled for it; None for nothing."""
        return None if self.main is None else f"{self.main}.java"

    @property
    def warms_up(self):
        """Whether it is compiled while it runs."""
        return self.main is not None

    def does(self, mode, connections):
        most = min(most for most in (self.most, mode.most, connections) if most is not None)
        return mode.serves in self.serves and connections <= most

    def command(self, java, mode, argument):
        if self.main is None:
            return [C_PROGRAMS / mode.floor, mode.serves, "0", *argument]
        path = os.pathsep.join([str(CLASSES), *self.jars])
        return [java, *JAVA_FLAGS, *self.flags, "-cp", path, self.main, mode.serves, "0", *argument]

    def described(self):
        """The command without the places where things happen to be on this machine."""
        if self.main is None:
            return "…_epoll MODE 0"
        flags = [flag.split(":")[0] if "-javaagent" in flag else flag for flag in self.flags]
        return " ".join(["java", *JAVA_FLAGS, *flags, self.main, "MODE", "0"])


class NodeServer(Server):
    """A script for Node."""

    source = None

    def command(self, java, mode, argument):
        return ["node", HERE / "servers" / self.main, mode.serves, "0", *argument]

    def described(self):
        return f"node {self.main} MODE 0"


def jetty(threads):
    return [*ONE_CARRIER, f"-Dthreads={threads}"]


def servers(options):
    """Every server, by name."""
    rivals = [str(RIVALS / "*")]
    evy = [options.evy_classes]
    evy_flags = [*HUB_FLAGS, *options.evy_flags.split()]
    agent = f"-javaagent:{options.evy_patched}"
    epoll = [*NETTY_FLAGS, "-Dtransport=epoll"]
    nio = [*NETTY_FLAGS, "-Dtransport=nio"]
    web_classes = [options.evy_classes, options.evy_web_classes]
    all_of_them = [
        Server("c", "C, epoll loop", None, serves=NOT_TLS),
        Server("stock", "stock virtual threads", "StockVirtual", ONE_CARRIER),
        Server("platform", "platform threads", "PlatformThreads", most=64),
        Server("netty", "Netty, native epoll", "NettyServer", epoll, rivals),
        Server("netty-nio", "Netty, NIO", "NettyServer", nio, rivals),
        Server("helidon", "Helidon SE 4", "HelidonServer", ONE_CARRIER, rivals, HTTP),
        Server("vertx", "Vert.x 5", "VertxServer", NETTY_FLAGS, rivals, HTTP),
        Server("jetty", "Jetty 12", "JettyServer", jetty("virtual"), rivals, HTTP),
        Server("jetty-pool", "Jetty 12, its pool", "JettyServer", jetty("pool"), rivals, HTTP),
        Server("undertow", "Undertow 2.3", "UndertowServer", [], rivals, HTTP),
        Server("netty-http", "Netty, HTTP codec", "NettyHttp", NETTY_FLAGS, rivals, HTTP),
        Server("jdk-http", "the JDK's httpserver", "JdkHttp", JDK_HTTP_FLAGS, serves=HTTP),
        Server("evy-web", "Evy", "EvyWeb", evy_flags, web_classes, HTTP),
        Server("evy", "Evy", "EvyServer", evy_flags, evy),
        Server("evy-nio", "Evy, nio hub", "EvyServer", [*evy_flags, "-Devy.hub=nio"], evy),
        Server("evy-watched", "Evy, watchdog on", "EvyWatched", evy_flags, evy),
        Server(
            "evy-patched",
            "JDK sockets on a hub, with the agent",
            "EvyPatched",
            [agent, *evy_flags],
            evy,
        ),
        Server(
            "stock-agent",
            "stock virtual threads, with the agent",
            "StockVirtual",
            [agent, *ONE_CARRIER],
            evy,
        ),
        Server(
            "platform-agent",
            "platform threads, with the agent",
            "PlatformThreads",
            [agent],
            evy,
            most=64,
        ),
        Server("netty-ws", "Netty", "NettyWebSocket", NETTY_FLAGS, rivals, WEBSOCKET),
        Server("vertx-ws", "Vert.x 5", "VertxWebSocket", NETTY_FLAGS, rivals, WEBSOCKET),
        Server("jetty-ws", "Jetty 12", "JettyWebSocket", ONE_CARRIER, rivals, WEBSOCKET),
        Server("undertow-ws", "Undertow 2.3", "UndertowWebSocket", [], rivals, WEBSOCKET),
        Server(
            "helidon-ws",
            "Helidon SE 4",
            "HelidonWebSocket",
            ONE_CARRIER,
            rivals,
            PLAIN_WEBSOCKET,
        ),
        NodeServer("node-ws", "Node's ws", "node-websocket.cjs", serves=WEBSOCKET),
        Server("evy-ws", "Evy", "EvyWebSocket", evy_flags, web_classes, WEBSOCKET),
    ]
    return {server.name: server for server in all_of_them}


BLOCKING = "c,stock,platform"
NETTY = "netty,netty-nio"

# What ./run.py TABLE measures, unless told otherwise.
TABLES = {
    "servers": {"modes": "echo,hello", "conns": "1,64,1000", "servers": f"{BLOCKING},netty,evy"},
    "echo": {
        "modes": "echo,echo16k",
        "conns": "1,64,1000,10000",
        "servers": f"{BLOCKING},{NETTY},evy",
    },
    "hello": {
        "modes": "hello",
        "conns": "64",
        "servers": f"{BLOCKING},{NETTY},helidon,vertx,jetty,undertow,evy",
    },
    "web": {
        "modes": "web-hello,web-pipelined,web-json,web-body,web-upload,web-close,web-tls",
        "conns": f"{WEB_CONNECTIONS},1000",
        "servers": "c,netty-http,vertx,undertow,jetty,jetty-pool,helidon,jdk-http,evy-web",
    },
    "udp": {"modes": "udp", "conns": "1,64", "servers": f"{BLOCKING},{NETTY},evy"},
    "forward": {"modes": "forward", "conns": "1", "servers": f"{BLOCKING},{NETTY},evy"},
    "tls": {
        "modes": "tls-handshake,tls-bulk",
        "conns": "1,16",
        "servers": f"stock,platform,{NETTY},evy",
        "jvm_warmup": 20,  # the key exchange is Java, too
    },
    "websocket": {
        "modes": "ws64,ws1k,ws64k,ws64-deflate,ws1k-deflate,ws64k-deflate",
        "conns": "64,512",
        "servers": "netty-ws,vertx-ws,jetty-ws,undertow-ws,helidon-ws,node-ws,evy-ws",
    },
    "patched": {
        "modes": "echo,hello",
        "conns": "64",
        "servers": "stock,stock-agent,platform,platform-agent,evy,evy-patched",
    },
    "watchdog": {"modes": "echo", "conns": "1,64", "servers": "evy,evy-watched"},
}
for table in TABLES.values():
    table.setdefault("jvm_warmup", 5)
