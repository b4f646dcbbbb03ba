import java.util.Arrays;
import java.util.Locale;

/**
 * One end of a ZeroMQ measurement, the same as {@code c/zmq.c}: {@code pull SIZE COUNT}, {@code
 * push ADDRESS SIZE COUNT}, {@code rep SIZE COUNT}, {@code req ADDRESS SIZE COUNT}. Who does not
 * connect prints where it is bound. As many messages as are counted go ahead of them uncounted.
 */
abstract class ZmqProgram implements AutoCloseable {
    /** Binds to any port; the address to connect to. */
    abstract String bind();

    abstract void connect(String address);

    abstract void send(byte[] message);

    abstract byte[] receive();

    /** Makes the socket of such a type: PULL, PUSH, REP or REQ. */
    abstract void open(String type);

    @Override
    public abstract void close();

    final void run(String... args) {
        int size = Integer.parseInt(args[args.length - 2]);
        int count = Integer.parseInt(args[args.length - 1]);
        open(args[0].toUpperCase(Locale.ROOT));
        if (args.length == 4) {
            connect(args[1]);
        } else {
            System.out.println(bind());
        }
        switch (args[0]) {
            case "pull" -> pull(size, count);
            case "push" -> push(new byte[size], count);
            case "rep" -> answer(count);
            case "req" -> ask(new byte[size], count);
            default -> throw new IllegalArgumentException("no such role: " + args[0]);
        }
    }

    private void pull(int size, int count) {
        take(size, count);
        long start = System.nanoTime();
        take(size, count);
        System.out.printf("%.0f%n", count * 1e9 / (System.nanoTime() - start));
    }

    private void take(int size, int count) {
        for (int i = 0; i < count; i++) {
            int length = receive().length;
            if (length != size) {
                throw new IllegalStateException(length + " bytes instead of " + size);
            }
        }
    }

    private void push(byte[] message, int count) {
        for (int i = 0; i < 2 * count; i++) {
            send(message);
        }
    }

    private void answer(int count) {
        for (int i = 0; i < 2 * count; i++) {
            send(receive());
        }
    }

    private void ask(byte[] message, int count) {
        long[] trips = new long[count];
        for (int i = -count; i < count; i++) {
            long start = System.nanoTime();
            send(message);
            receive();
            trips[Math.floorMod(i, count)] = System.nanoTime() - start;
        }
        Arrays.sort(trips);
        System.out.printf(
                Locale.ROOT,
                "%.2f %.2f%n",
                trips[count / 2] / 1e3,
                trips[(int) (count * 99L / 100)] / 1e3);
    }
}
