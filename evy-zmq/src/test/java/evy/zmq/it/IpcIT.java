package evy.zmq.it;

import static evy.zmq.it.Parts.send;
import static evy.zmq.it.Parts.texts;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;
import evy.zmq.Context;
import evy.zmq.Socket;
import evy.zmq.SocketType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/**
 * What {@code ipc://} is: JeroMQ 0.6.0 has no Unix sockets. It makes a TCP port of loopback out of
 * the name, so that JeroMQ's sockets find each other, and libzmq's do not.
 */
@Spec("ZMQ1")
@ExtendWith({LeakCheckExtension.class, GreenTests.class})
class IpcIT {
    private static final int FIRST_PORT = 10_000;
    private static final int PORTS = 55_536;

    @TempDir private Path folder;

    /* One whose port is not one that the system gives to others. */
    private String name() {
        for (int i = 0; ; i++) {
            String name = folder.resolve("socket" + i).toString();
            if (port(name) < 32_000) {
                return name;
            }
        }
    }

    private static int port(String name) {
        return FIRST_PORT + Math.abs(name.hashCode()) % PORTS;
    }

    @Test
    void ipc_betweenSocketsOfOurs_works() {
        String address = "ipc://" + name();
        try (Context context = Context.open();
                Socket rep = Parts.open(context, SocketType.REP);
                Socket req = Parts.open(context, SocketType.REQ)) {
            rep.bind(address);
            req.connect(address);

            send(req, "hello");

            assertThat(texts(rep)).isEqualTo("hello");
            send(rep, "you");
            assertThat(texts(req)).isEqualTo("you");
        }
    }

    @Test
    void ipc_toLibzmq_isAPortOfLoopback() throws Exception {
        String name = name();
        try (PythonPeer peer = PythonPeer.start();
                Context context = Context.open();
                Socket push = Parts.open(context, SocketType.PUSH)) {
            push.bind("ipc://" + name);
            peer.ask("s = socket('PULL')");
            peer.ask("s.connect('tcp://127.0.0.1:%d')", port(name));

            send(push, "not by a Unix socket");

            assertThat(peer.ask("texts(s)")).isEqualTo("not by a Unix socket");
            assertThat(Path.of(name)).doesNotExist();
        }
    }
}
