package evy.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;

class ErrorsTest {
    @BeforeEach
    void requireTexts() {
        assumeTrue(Platform.unavailable() == null);
    }

    @Test
    void of_knownNumbers_theJdksTypes() {
        assertThat(Errors.of(Errno.ECONNREFUSED, "127.0.0.1:1"))
                .isExactlyInstanceOf(ConnectException.class)
                .hasMessage("Connection refused: 127.0.0.1:1");
        assertThat(Errors.of(Errno.ETIMEDOUT, "")).isExactlyInstanceOf(ConnectException.class);
        assertThat(Errors.of(Errno.ENOTCONN, "")).isExactlyInstanceOf(ConnectException.class);
        assertThat(Errors.of(Errno.EHOSTUNREACH, ""))
                .isExactlyInstanceOf(NoRouteToHostException.class)
                .hasMessage("No route to host");
        assertThat(Errors.of(Errno.EADDRINUSE, "")).isExactlyInstanceOf(BindException.class);
        assertThat(Errors.of(Errno.EADDRNOTAVAIL, "")).isExactlyInstanceOf(BindException.class);
        assertThat(Errors.of(Errno.EACCES, "")).isExactlyInstanceOf(BindException.class);
        assertThat(Errors.of(Errno.EPROTO, "")).isExactlyInstanceOf(ProtocolException.class);
        assertThat(Errors.of(Errno.ENETUNREACH, ""))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Network is unreachable");
    }

    @Test
    void of_unknownNumber_keepsIt() {
        IOException exception = Errors.of(Errno.EINVAL, "listen");

        assertThat(exception)
                .isInstanceOf(SystemException.class)
                .isInstanceOf(SocketException.class)
                .hasMessage("Invalid argument: listen");
        assertThat(Errors.errno(exception)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void read_numbers_socketExceptions() {
        assertThat(Errors.read(Errno.ECONNRESET)).hasMessage("Connection reset");
        assertThat(Errors.read(Errno.ENOTCONN)).isExactlyInstanceOf(SocketException.class);
        assertThat(Errors.read(Errno.ETIMEDOUT))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage("Connection timed out");
        assertThat(Errors.read(Errno.EBADF)).hasMessage("Socket closed");
    }

    @Test
    void write_numbers_socketExceptions() {
        assertThat(Errors.write(Errno.EPIPE)).hasMessage("Broken pipe");
        assertThat(Errors.write(Errno.ECONNRESET)).hasMessageStartingWith("Connection reset");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Errno.ECONNREFUSED,
                Errno.ETIMEDOUT,
                Errno.ENOTCONN,
                Errno.EHOSTUNREACH,
                Errno.ENETUNREACH,
                Errno.EADDRINUSE,
                Errno.EADDRNOTAVAIL,
                Errno.EACCES,
                Errno.EPROTO,
                Errno.ECONNRESET,
                Errno.EPIPE,
                Errno.EMFILE,
                Errno.ENFILE,
                Errno.ENOMEM,
                Errno.EINVAL
            })
    void errno_madeHere_knownAgain(int errno) {
        assertThat(Errors.errno(Errors.of(errno, "detail"))).isEqualTo(errno);
        assertThat(Errors.errno(Errors.of(errno, ""))).isEqualTo(errno);
    }

    @Test
    void errno_madeByTheJdk_known() {
        assertThat(Errors.errno(new IOException("Too many open files"))).isEqualTo(Errno.EMFILE);
        assertThat(Errors.errno(new SocketException("Connection reset by peer")))
                .isEqualTo(Errno.ECONNRESET);
    }

    @Test
    void errno_other_zero() {
        assertThat(Errors.errno(null)).isZero();
        assertThat(Errors.errno(new IOException())).isZero();
        assertThat(Errors.errno(new IOException("no idea"))).isZero();
        assertThat(Errors.errno(new IllegalStateException("Broken pipe"))).isZero();
    }

    @Test
    void isTransientAccept_outOfDescriptors_yesAndSaysWhatToRaise() {
        assertThat(Errors.of(Errno.EMFILE, ""))
                .hasMessageStartingWith("Too many open files")
                .hasMessageContaining("ulimit -n")
                .matches(Errors::isTransientAccept);
        assertThat(Errors.of(Errno.ENFILE, ""))
                .hasMessageContaining("fs.file-max")
                .matches(Errors::isTransientAccept);
        assertThat(Errors.of(Errno.ENOBUFS, "")).matches(Errors::isTransientAccept);
        assertThat(Errors.isTransientAccept(new SocketException("Too many open files"))).isTrue();
    }

    @Test
    void isTransientAccept_anythingElse_no() {
        assertThat(Errors.isTransientAccept(Errors.of(Errno.EINVAL, ""))).isFalse();
        assertThat(Errors.isTransientAccept(new SocketException("Socket closed"))).isFalse();
    }
}
