package evy.behaviour;

import evy.pools.Pool;
import evy.pools.TokenPool;
import evy.testkit.contract.HandOverContract;
import evy.testkit.contract.Waited;

import org.junit.jupiter.api.Nested;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/** The contract of what is waited for, for pools. */
@AnyPoller
class PoolContractTest {
    private static final int SIZE = 8;

    @Nested
    class ItemPutBack extends HandOverContract {
        @Override
        protected Waited fresh() {
            return new Item<>(new Pool<>(SIZE, Object::new), Pool::put);
        }
    }

    @Nested
    class ItemDiscarded extends HandOverContract {
        @Override
        protected Waited fresh() {
            return new Item<>(new Pool<>(SIZE, Object::new), Pool::discard);
        }
    }

    @Nested
    class TokenPutBack extends HandOverContract {
        @Override
        protected Waited fresh() {
            return new Item<>(new TokenPool(SIZE), Pool::put);
        }
    }

    /** An item of a pool of which all are out. */
    private static final class Item<T> implements Waited {
        private final Pool<T> pool;
        private final BiConsumer<Pool<T>, T> giveBack;
        private final ArrayDeque<T> out = new ArrayDeque<>();

        Item(Pool<T> pool, BiConsumer<Pool<T>, T> giveBack) {
            this.pool = pool;
            this.giveBack = giveBack;
            for (int i = 0; i < SIZE; i++) {
                try {
                    out.add(pool.get());
                } catch (InterruptedException e) {
                    throw new AssertionError("there are enough of them", e);
                }
            }
        }

        @Override
        public void await() throws InterruptedException {
            taken(pool.get());
        }

        @Override
        public boolean await(Duration limit) throws InterruptedException {
            try {
                taken(pool.get(limit));
                return true;
            } catch (TimeoutException e) {
                return false;
            }
        }

        @Override
        public boolean tryNow() {
            try {
                return await(Duration.ZERO);
            } catch (InterruptedException e) {
                throw new AssertionError("zero does not wait", e);
            }
        }

        private void taken(T item) {
            if (item == null) {
                throw new AssertionError("no item");
            }
        }

        @Override
        public boolean grant() {
            T item;
            synchronized (out) {
                item = out.remove();
            }
            giveBack.accept(pool, item);
            return true;
        }

        @Override
        public int waiting() {
            return pool.waiting();
        }
    }
}
