package evy.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.BindException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.List;

class NioErrorsTest {
    static List<Arguments> ofChannels() {
        return List.of(
                Arguments.of(new ClosedChannelException(), "Socket closed"),
                Arguments.of(new NotYetConnectedException(), "Socket is not connected"),
                Arguments.of(new NotYetBoundException(), "Socket is not bound yet"),
                Arguments.of(new AlreadyBoundException(), "Already bound"),
                Arguments.of(new AlreadyConnectedException(), "Already connected"),
                Arguments.of(new ConnectionPendingException(), "Connection in progress"),
                Arguments.of(new NoConnectionPendingException(), "no connection is under way"),
                Arguments.of(new UnsupportedAddressTypeException(), "Protocol family unavailable"),
                Arguments.of(new IOException("anything"), "anything"));
    }

    @ParameterizedTest
    @MethodSource("ofChannels")
    void translate_whatAChannelThrows_isTheSocketsWithItAsCause(Exception thrown, String message) {
        assertThat(NioErrors.translate(thrown))
                .isExactlyInstanceOf(SocketException.class)
                .hasMessage(message)
                .hasCause(thrown);
    }

    @Test
    void translate_whatSocketsThrow_isLeftAsItIs() {
        for (IOException thrown : List.of(new BindException("taken"), new ProtocolException("p"))) {
            assertThat(NioErrors.translate(thrown)).isSameAs(thrown);
        }
    }

    @Test
    void translate_wrongArguments_areThrown() {
        RuntimeException wrong = new IllegalArgumentException("wrong");

        assertThatThrownBy(() -> NioErrors.translate(wrong)).isSameAs(wrong);
    }
}
