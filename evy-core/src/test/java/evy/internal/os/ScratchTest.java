package evy.internal.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicReference;

class ScratchTest {
    @Test
    void current_sameThread_sameObject() {
        assertThat(Scratch.current()).isSameAs(Scratch.current());
    }

    @Test
    void current_otherThread_another() throws InterruptedException {
        AtomicReference<Scratch> other = new AtomicReference<>();
        Thread.ofPlatform().start(() -> other.set(Scratch.current())).join();

        assertThat(other.get()).isNotNull().isNotSameAs(Scratch.current());
    }

    @Test
    void current_holder_itsField() throws InterruptedException {
        Holder thread = new Holder();
        thread.start();
        thread.join();

        assertThat(thread.seen).isSameAs(thread.scratch);
    }

    private static final class Holder extends Thread implements ScratchHolder {
        private final Scratch scratch = new Scratch();
        private Scratch seen;

        @Override
        public Scratch scratch() {
            return scratch;
        }

        @Override
        public void run() {
            seen = Scratch.current();
        }
    }
}
