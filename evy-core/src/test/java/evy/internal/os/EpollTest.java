package evy.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

class EpollTest {
    @BeforeEach
    void requireEpoll() {
        assumeTrue(Platform.unavailable() == null);
    }

    @Test
    void milliseconds_anyTime_neverShorter() {
        assertThat(Epoll.milliseconds(-1)).isEqualTo(-1);
        assertThat(Epoll.milliseconds(0)).isZero();
        assertThat(Epoll.milliseconds(1)).isEqualTo(1);
        assertThat(Epoll.milliseconds(1_000_000)).isEqualTo(1);
        assertThat(Epoll.milliseconds(1_000_001)).isEqualTo(2);
        assertThat(Epoll.milliseconds(Long.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void await_registered_dataComesBack() {
        int epoll = Epoll.create();
        int eventFd = Epoll.eventFd();
        Epoll events = new Epoll(4);
        try {
            long data = 0x8765_4321_0FED_CBA9L;
            Epoll.control(epoll, LinuxAbi.EPOLL_CTL_ADD, eventFd, LinuxAbi.EPOLLIN, data);

            assertThat(events.await(epoll, 0)).isZero();
            Epoll.signal(eventFd);

            assertThat(events.await(epoll, -1)).isEqualTo(1);
            assertThat(events.data(0)).isEqualTo(data);
            assertThat(events.happened(0)).isEqualTo(LinuxAbi.EPOLLIN);
        } finally {
            Descriptors.close(eventFd);
            Descriptors.close(epoll);
        }
    }

    @Test
    void signal_twice_counted() {
        int eventFd = Epoll.eventFd();
        try {
            Epoll.signal(eventFd);
            Epoll.signal(eventFd);
            byte[] counter = new byte[Long.BYTES];

            assertThat(Descriptors.read(eventFd, MemorySegment.ofArray(counter), Long.BYTES))
                    .isEqualTo(Long.BYTES);
            assertThat(ByteBuffer.wrap(counter).order(ByteOrder.nativeOrder()).getLong())
                    .isEqualTo(2);
            assertThat(Descriptors.read(eventFd, MemorySegment.ofArray(counter), Long.BYTES))
                    .isEqualTo(-Errno.EAGAIN);
        } finally {
            Descriptors.close(eventFd);
        }
    }

    @Test
    void control_notOpen_numberOfTheError() {
        int epoll = Epoll.create();
        try {
            assertThat(Epoll.control(epoll, LinuxAbi.EPOLL_CTL_ADD, 1_000_000, 0, 0))
                    .isEqualTo(-Errno.EBADF);
        } finally {
            Descriptors.close(epoll);
        }
    }
}
