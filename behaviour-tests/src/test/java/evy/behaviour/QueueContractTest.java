package evy.behaviour;

import evy.sync.GreenLifoQueue;
import evy.sync.GreenPriorityQueue;
import evy.sync.GreenQueue;
import evy.sync.LightQueue;
import evy.testkit.contract.QueueContract;

import org.junit.jupiter.api.Nested;

import java.util.List;

/** The contract of queues, for all of them. */
@AnyPoller
class QueueContractTest {
    @Nested
    class Light extends QueueContract {
        @Override
        protected Subject open(int maxSize) {
            var queue = new LightQueue<Integer>(maxSize);
            return new Subject(queue, queue::close, queue::resize, queue::getting, queue::putting);
        }

        @Override
        protected List<Integer> inOrder(List<Integer> put) {
            return put;
        }
    }

    @Nested
    class Green extends QueueContract {
        @Override
        protected Subject open(int maxSize) {
            var queue = new GreenQueue<Integer>(maxSize);
            return new Subject(queue, queue::close, queue::resize, queue::getting, queue::putting);
        }

        @Override
        protected List<Integer> inOrder(List<Integer> put) {
            return put;
        }
    }

    @Nested
    class Priority extends QueueContract {
        @Override
        protected Subject open(int maxSize) {
            var queue = new GreenPriorityQueue<Integer>(maxSize);
            return new Subject(queue, queue::close, queue::resize, queue::getting, queue::putting);
        }

        @Override
        protected List<Integer> inOrder(List<Integer> put) {
            return put.stream().sorted().toList();
        }
    }

    @Nested
    class Lifo extends QueueContract {
        @Override
        protected Subject open(int maxSize) {
            var queue = new GreenLifoQueue<Integer>(maxSize);
            return new Subject(queue, queue::close, queue::resize, queue::getting, queue::putting);
        }

        @Override
        protected List<Integer> inOrder(List<Integer> put) {
            return put.reversed();
        }
    }
}
