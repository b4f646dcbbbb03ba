package evy.web.http1;

/** The body of a request without one. */
final class NoBody extends RequestBody {
    static final NoBody INSTANCE = new NoBody();

    private NoBody() {
        super(() -> {});
    }

    @Override
    int readSome(byte[] buffer, int offset, int length) {
        return -1;
    }

    @Override
    boolean isFixed() {
        return true;
    }

    @Override
    public boolean isComplete() {
        return true;
    }

    @Override
    public long remaining() {
        return 0;
    }
}
