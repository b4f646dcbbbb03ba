import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

import javax.net.ssl.SSLException;

/**
 * Netty with one event loop for everything, its transport given by {@code -Dtransport}. It parses
 * no more than the other servers do: Netty's HTTP codec is not in the pipeline.
 *
 * <p>Arguments are those of {@link BlockingServer}.
 */
final class NettyServer {
    /** What a connection reads at most at a time: as much as the other servers. */
    private static final AdaptiveRecvByteBufAllocator BUFFERS =
            new AdaptiveRecvByteBufAllocator(64, 2048, Protocol.BUFFER_BYTES);

    private final Transport transport = Transport.valueOf(System.getProperty("transport"));
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());

    public static void main(String... args) throws Exception {
        var server = new NettyServer().start(args);
        Protocol.listening(((InetSocketAddress) server.localAddress()).getPort());
        server.closeFuture().sync();
    }

    private Channel start(String... args) throws InterruptedException, SSLException {
        var address = loopback(Integer.parseInt(args[1]));
        return switch (args[0]) {
            case "echo" -> listen(address, client -> add(client, new Echo()));
            case "hello" -> listen(address, client -> add(client, new Hello()));
            case "tls" -> {
                var context = NettyHttp.tls(args);
                yield listen(
                        address,
                        client -> add(client, context.newHandler(client.alloc()), new Echo()));
            }
            case "forward" -> {
                var upstream = loopback(Integer.parseInt(args[2]));
                yield listen(address, client -> forward(client, upstream));
            }
            case "udp" -> openDatagram(address);
            default -> throw new IllegalArgumentException("no mode " + args[0]);
        };
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private Channel listen(InetSocketAddress address, Consumer<SocketChannel> accepted)
            throws InterruptedException {
        return new ServerBootstrap()
                .group(group)
                .channel(transport.server())
                .option(ChannelOption.SO_BACKLOG, Protocol.BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, BUFFERS)
                .childHandler(initializer(accepted))
                .bind(address)
                .sync()
                .channel();
    }

    private Channel openDatagram(InetSocketAddress address) throws InterruptedException {
        return new Bootstrap()
                .group(group)
                .channel(transport.datagram())
                .handler(new EchoDatagram())
                .bind(address)
                .sync()
                .channel();
    }

    private static ChannelInitializer<SocketChannel> initializer(Consumer<SocketChannel> accepted) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                accepted.accept(channel);
            }
        };
    }

    private static void add(SocketChannel channel, ChannelHandler... handlers) {
        channel.pipeline().addLast(handlers);
    }

    /** Reads from either end only when the other has taken what was read before. */
    private void forward(SocketChannel client, InetSocketAddress upstream) {
        client.config().setAutoRead(false);
        new Bootstrap()
                .group(client.eventLoop())
                .channel(transport.socket())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.RECVBUF_ALLOCATOR, BUFFERS)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new Relay(client))
                .connect(upstream)
                .addListener(
                        (ChannelFutureListener)
                                connecting -> {
                                    if (!connecting.isSuccess()) {
                                        client.close();
                                        return;
                                    }
                                    add(client, new Relay(connecting.channel()));
                                    client.read();
                                    connecting.channel().read();
                                });
    }

    /** The kind of selector and the channels that go with it. */
    private enum Transport {
        epoll(
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                EpollDatagramChannel.class) {
            @Override
            IoHandlerFactory ioHandlers() {
                return EpollIoHandler.newFactory();
            }
        },
        nio(NioServerSocketChannel.class, NioSocketChannel.class, NioDatagramChannel.class) {
            @Override
            IoHandlerFactory ioHandlers() {
                return NioIoHandler.newFactory();
            }
        };

        private final Class<? extends ServerChannel> server;
        private final Class<? extends SocketChannel> socket;
        private final Class<? extends DatagramChannel> datagram;

        Transport(
                Class<? extends ServerChannel> server,
                Class<? extends SocketChannel> socket,
                Class<? extends DatagramChannel> datagram) {
            this.server = server;
            this.socket = socket;
            this.datagram = datagram;
        }

        abstract IoHandlerFactory ioHandlers();

        Class<? extends ServerChannel> server() {
            return server;
        }

        Class<? extends SocketChannel> socket() {
            return socket;
        }

        Class<? extends DatagramChannel> datagram() {
            return datagram;
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message, context.voidPromise());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static final class EchoDatagram extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            context.writeAndFlush(
                    new DatagramPacket(packet.content().retain(), packet.sender()),
                    context.voidPromise());
        }
    }

    private static final class Relay extends ChannelInboundHandlerAdapter {
        private final Channel peer;

        Relay(Channel peer) {
            this.peer = peer;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            peer.writeAndFlush(message)
                    .addListener(
                            (ChannelFutureListener)
                                    written -> {
                                        if (written.isSuccess()) {
                                            context.channel().read();
                                        } else {
                                            peer.close();
                                        }
                                    });
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static final class Hello extends ByteToMessageDecoder {
        private static final ByteBuf RESPONSE =
                Unpooled.unreleasableBuffer(
                        Unpooled.directBuffer().writeBytes(Protocol.response()).asReadOnly());

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            int end = endOfRequest(in);
            if (end >= 0) {
                in.readerIndex(end);
                context.writeAndFlush(RESPONSE.duplicate(), context.voidPromise());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        private static int endOfRequest(ByteBuf in) {
            for (int i = in.readerIndex() + 3; i < in.writerIndex(); i++) {
                if (in.getByte(i) == '\n'
                        && in.getByte(i - 1) == '\r'
                        && in.getByte(i - 2) == '\n'
                        && in.getByte(i - 3) == '\r') {
                    return i + 1;
                }
            }
            return -1;
        }
    }
}
