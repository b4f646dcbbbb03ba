/*
 * Two green threads talk by ZeroMQ: Bob asks, Alice answers, ten times.
 *
 *   ./evy examples/ZmqSimple.java
 *
 * Who binds and who connects, and who of the two comes first, does not matter.
 */
import evy.Evy;
import evy.zmq.Context;
import evy.zmq.SocketType;

final String address = "inproc://alice";
final int count = 10;

void main() {
    try (var context = Context.open()) {
        var bob = Evy.spawn(() -> ask(context));
        var alice = Evy.spawn(() -> serve(context));
        bob.join();
        alice.join();
    }
}

void ask(Context context) {
    try (var bob = context.socket(SocketType.REQ)) {
        bob.connect(address);
        for (int i = 0; i < count; i++) {
            IO.println("Bob sends");
            bob.send("HI");
            IO.println("Bob got: " + bob.recvString());
        }
    }
}

void serve(Context context) {
    try (var alice = context.socket(SocketType.REP)) {
        alice.bind(address);
        IO.println("Alice is ready");
        for (int i = 0; i < count; i++) {
            IO.println("Alice got: " + alice.recvString());
            alice.send("HI BACK");
        }
    }
}
