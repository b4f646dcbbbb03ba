/*
 * A chat server whose room is ZeroMQ's: each participant publishes there and subscribes to it.
 *
 *   ./evy examples/ZmqChat.java [PORT]      3001 if it is not given, any free one if it is 0
 *   telnet localhost 3001                   a line "name: Alice" says who you are
 *
 * Nobody waits for a participant who does not read: the room drops what is too much for them.
 */
import evy.Evy;
import evy.io.GreenSocket;
import evy.zmq.Context;
import evy.zmq.Socket;
import evy.zmq.SocketType;

final String address = "inproc://room";

void main(String[] args) throws IOException {
    try (var context = Context.open();
            var room = context.socket(SocketType.PUB);
            var server = Evy.listen(Arguments.port(args, 3001))) {
        room.bind(address);
        IO.println("listening on " + server.address());
        var log = ears(context);
        Evy.spawnN(() -> listen(log, IO::print));
        while (true) {
            var participant = server.accept();
            Evy.spawnN(() -> participate(participant, ears(context), room));
        }
    }
}

Socket ears(Context context) {
    var ears = context.socket(SocketType.SUB);
    ears.subscribe("");
    ears.connect(address);
    return ears;
}

void participate(GreenSocket participant, Socket ears, Socket room) {
    IO.println("Participant joined chat.");
    var listener = Evy.spawn(() -> listen(ears, said -> participant.sendAll(said.getBytes())));
    try (var reader = new BufferedReader(new InputStreamReader(participant.getInputStream()))) {
        var who = "someone";
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("name:")) {
                who = line.substring("name:".length()).strip();
            }
            room.sendStrings(who, line);
        }
    } catch (IOException e) {
        // a broken connection: it means that the participant has closed it already
    } finally {
        listener.kill();
        ears.close();
        IO.println("Participant left chat.");
    }
}

interface Writer {
    void write(String text) throws IOException;
}

void listen(Socket ears, Writer to) throws IOException {
    while (true) {
        to.write(String.join(": ", ears.recvStrings()) + "\n");
    }
}
