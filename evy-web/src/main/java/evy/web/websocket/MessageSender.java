package evy.web.websocket;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;

/** Sends messages, one at a time, whole or in fragments. */
/*
 * A message that was compressed and did not go out whole is missing in the peer's window, so the
 * connection is closed then.
 */
final class MessageSender {
    private final FrameSender frames;
    private final Runnable broken;
    private final @Nullable Deflation deflation;
    private final int compressFrom;
    private final Turn turn = new Turn();

    MessageSender(FrameSender frames, @Nullable DeflateAgreement agreed, Runnable broken) {
        this.frames = frames;
        this.broken = broken;
        this.deflation = agreed == null ? null : new Deflation(agreed);
        this.compressFrom = agreed == null ? 0 : Math.max(1, agreed.wanted().threshold());
    }

    /** Sends a whole message. */
    void send(int opcode, byte[] bytes) throws IOException {
        Deflation d = deflation;
        turn.take();
        try {
            if (d == null || bytes.length < compressFrom) {
                frames.send(opcode, true, false, bytes, 0, bytes.length);
            } else {
                compressed(
                        () -> {
                            d.message(bytes, 0, bytes.length);
                            frames.send(opcode, true, true, d.output(), 0, d.length());
                            d.release();
                        });
            }
        } finally {
            turn.pass();
        }
    }

    /** Begins a message; its turn ends when the stream is closed. */
    OutputStream stream(int opcode) throws IOException {
        turn.take();
        return new MessageOutput(new Fragments(opcode));
    }

    /**
     * Frees what is kept outside the heap, unless it is in use just now: then it is left to the GC.
     */
    void close() {
        if (deflation != null && turn.tryTake()) {
            deflation.close();
            turn.pass();
        }
    }

    /** Something that must go out whole. */
    @FunctionalInterface
    private interface Sending {
        void send() throws IOException;
    }

    private void compressed(Sending sending) throws IOException {
        boolean sent = false;
        try {
            sending.send();
            sent = true;
        } finally {
            if (!sent) {
                broken.run();
            }
        }
    }

    /** The fragments of one message. */
    private final class Fragments implements MessageOutput.Sender {
        private int opcode;
        private boolean begun;

        Fragments(int opcode) {
            this.opcode = opcode;
        }

        @Override
        public void send(byte[] b, int offset, int length, boolean last) throws IOException {
            try {
                if (deflation == null) {
                    frames.send(opcode, last, false, b, offset, length);
                } else {
                    compressed(() -> deflate(deflation, b, offset, length, last));
                }
                opcode = Opcode.CONTINUATION;
                begun = true;
            } finally {
                if (last) {
                    turn.pass();
                }
            }
        }

        private void deflate(Deflation d, byte[] b, int offset, int length, boolean last)
                throws IOException {
            boolean first = !begun;
            if (length > 0) {
                d.fragment(b, offset, length);
                frames.send(opcode, false, first, d.output(), 0, d.length());
                d.release();
                opcode = Opcode.CONTINUATION;
                first = false;
            }
            if (last) {
                d.endMessage();
                frames.send(opcode, true, first, Deflation.END, 0, Deflation.END.length);
            }
        }
    }
}
