package evy.behaviour;

import evy.hubs.Greenlet;
import evy.sync.Event;
import evy.sync.GreenQueue;
import evy.sync.Metaphore;
import evy.testkit.contract.BroadcastContract;
import evy.testkit.contract.Waited;

import org.junit.jupiter.api.Nested;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** The contract of what is waited for, for all that lets everybody go on at once. */
class EventContractTest {
    @Nested
    class EventSent extends BroadcastContract {
        @Override
        protected Waited fresh() {
            return new Sent(new Event<>());
        }
    }

    @Nested
    class MetaphoreAtZero extends BroadcastContract {
        @Override
        protected Waited fresh() {
            var metaphore = new Metaphore();
            metaphore.inc(2);
            return new Zero(metaphore);
        }
    }

    @Nested
    class QueueWorkedOff extends BroadcastContract {
        @Override
        protected Waited fresh() {
            var queue = new GreenQueue<String>();
            queue.add("task");
            queue.add("another");
            return new WorkedOff(queue);
        }
    }

    /** An event that comes. */
    private record Sent(Event<String> event) implements Waited {
        @Override
        public void await() throws InterruptedException {
            check(event.await());
        }

        @Override
        public boolean await(Duration limit) throws InterruptedException {
            try {
                return check(event.await(limit));
            } catch (TimeoutException e) {
                return false;
            }
        }

        private static boolean check(String value) {
            if (!value.equals("value")) {
                throw new AssertionError("not what was sent: " + value);
            }
            return true;
        }

        @Override
        public boolean tryNow() {
            return check(event.poll("value")) && event.isReady();
        }

        @Override
        public boolean grant() {
            event.send("value");
            return true;
        }

        @Override
        public int waiting() {
            return event.waiting();
        }
    }

    /** A count that comes down to zero. */
    private record Zero(Metaphore metaphore) implements Waited {
        private static final Pattern WAITING = Pattern.compile("waiting=(\\d+)");

        @Override
        public void await() throws InterruptedException {
            metaphore.await();
        }

        @Override
        public boolean await(Duration limit) throws InterruptedException {
            return metaphore.await(limit);
        }

        @Override
        public boolean tryNow() {
            return metaphore.count() == 0;
        }

        @Override
        public boolean grant() {
            metaphore.dec();
            metaphore.dec();
            return true;
        }

        @Override
        public int waiting() {
            var matcher = WAITING.matcher(metaphore.toString());
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
        }
    }

    /** A queue whose tasks get done. It does not tell how many wait for it, so they are counted. */
    private record WorkedOff(GreenQueue<String> queue, Set<Greenlet> joining) implements Waited {
        WorkedOff(GreenQueue<String> queue) {
            this(queue, ConcurrentHashMap.newKeySet());
        }

        @Override
        public void await() throws InterruptedException {
            joining.add(Greenlet.current());
            try {
                queue.join();
            } finally {
                joining.remove(Greenlet.current());
            }
        }

        @Override
        public boolean await(Duration limit) throws InterruptedException {
            joining.add(Greenlet.current());
            try {
                return queue.join(limit);
            } finally {
                joining.remove(Greenlet.current());
            }
        }

        @Override
        public boolean tryNow() {
            return queue.unfinished() == 0;
        }

        @Override
        public boolean grant() {
            queue.taskDone();
            queue.taskDone();
            return true;
        }

        @Override
        public int waiting() {
            return queue.unfinished() == 0
                    ? 0 // all are on their way out
                    : (int) joining.stream().filter(g -> g.waitsFor() != null).count();
        }
    }
}
