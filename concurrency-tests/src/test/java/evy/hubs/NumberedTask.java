package evy.hubs;

/** A task that does nothing but tell which one it is. */
final class NumberedTask extends Task {
    final int digit;

    NumberedTask(int digit) {
        this.digit = digit;
    }

    @Override
    void run(HubThread thread) {}
}
