/*
 * A chat server: sends each line to all participants but the one who wrote it.
 *
 *   ./evy examples/ChatServer.java [PORT]      3001 if it is not given, any free one if it is 0
 *   telnet localhost 3001
 *
 * Two green threads must not write to one socket at once, and nobody shall wait for a participant who
 * does not read. So each has an outbox and a green thread of its own that empties it.
 */
import evy.Evy;
import evy.io.GreenSocket;

record Participant(GreenSocket socket, BlockingQueue<String> outbox) {}

final Set<Participant> participants = new LinkedHashSet<>();

void main(String[] args) throws IOException {
    try (var server = Evy.listen(Arguments.port(args, 3001))) {
        IO.println("listening on " + server.address());
        while (true) {
            var joined = new Participant(server.accept(), new ArrayBlockingQueue<>(1_000));
            participants.add(joined);
            IO.println("Participant joined chat.");
            Evy.spawnN(() -> readForever(joined));
        }
    }
}

void readForever(Participant me) {
    var writer = Evy.spawn(() -> writeForever(me));
    try (var reader = new BufferedReader(new InputStreamReader(me.socket.getInputStream()))) {
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            IO.println("Chat: " + line.strip());
            broadcast(me, line + "\n");
            Evy.yield(); // for the writers, or one who talks without a pause fills the outboxes
        }
    } catch (IOException e) {
        // a broken connection: it means that the participant has closed it already
    } finally {
        participants.remove(me);
        writer.kill();
        IO.println("Participant left chat.");
    }
}

void broadcast(Participant from, String line) throws IOException {
    for (var participant : participants) {
        if (participant != from && !participant.outbox.offer(line)) {
            participant.socket.close(); // it has not read the last 1000 lines; its reader ends
        }
    }
}

void writeForever(Participant me) throws IOException, InterruptedException {
    try (me.socket) {
        while (true) {
            me.socket.sendAll(me.outbox.take().getBytes());
        }
    }
}
