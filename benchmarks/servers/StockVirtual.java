import java.util.concurrent.FutureTask;

/** A virtual thread of the JDK's own scheduler for each connection, on the JDK's own sockets. */
final class StockVirtual extends JdkServer {
    public static void main(String... args) throws Exception {
        var server = new StockVirtual();
        var task =
                new FutureTask<Void>(
                        () -> {
                            server.run(args);
                            return null;
                        });
        server.start(task);
        task.get();
    }

    @Override
    void start(Runnable body) {
        Thread.startVirtualThread(body);
    }
}
