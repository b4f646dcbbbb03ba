package evy.zmq;

import org.jspecify.annotations.Nullable;

import zmq.Options;
import zmq.io.net.Address;
import zmq.io.net.SelectorProviderChooser;
import zmq.io.net.ipc.IpcAddress;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/**
 * Has JeroMQ connect to an {@code ipc} endpoint by a Unix-domain socket. Other endpoints are left
 * to the chooser that was there before.
 *
 * @param others null for JeroMQ's way
 */
record IpcChooser(@Nullable SelectorProviderChooser others) implements SelectorProviderChooser {
    @Override
    public SelectorProvider choose(Address.IZAddress address, Options options) {
        if (address instanceof IpcAddress) {
            String path = address.toString().substring(IpcEndpoints.SCHEME.length());
            return new Provider(UnixDomainSocketAddress.of(path));
        }
        return others == null ? SelectorProvider.provider() : others.choose(address, options);
    }

    /** Opens channels to one path; JeroMQ asks for nothing else. */
    private static final class Provider extends SelectorProvider {
        private final UnixDomainSocketAddress target;

        Provider(UnixDomainSocketAddress target) {
            this.target = target;
        }

        private static UnsupportedOperationException refusal(String call) {
            return new UnsupportedOperationException(
                    call + ": JeroMQ opens nothing but socket channels for ipc");
        }

        @Override
        public SocketChannel openSocketChannel() throws IOException {
            return IpcChannel.to(target);
        }

        @Override
        public ServerSocketChannel openServerSocketChannel() {
            throw refusal("openServerSocketChannel()");
        }

        @Override
        public DatagramChannel openDatagramChannel() {
            throw refusal("openDatagramChannel()");
        }

        @Override
        public DatagramChannel openDatagramChannel(ProtocolFamily family) {
            throw refusal("openDatagramChannel(ProtocolFamily)");
        }

        @Override
        public Pipe openPipe() {
            throw refusal("openPipe()");
        }

        @Override
        public AbstractSelector openSelector() {
            throw refusal("openSelector()");
        }
    }
}
