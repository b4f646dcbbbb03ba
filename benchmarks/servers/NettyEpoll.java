import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Netty on its native epoll transport, one event loop for everything. It parses no more than the
 * other servers do: Netty's HTTP codec is not in the pipeline.
 */
final class NettyEpoll {
    public static void main(String... args) throws InterruptedException {
        var protocol = Protocol.of(args[0]);
        var address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]));
        var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        var server =
                new ServerBootstrap()
                        .group(group)
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, Protocol.BACKLOG)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(new Connections(protocol))
                        .bind(address)
                        .sync()
                        .channel();
        Protocol.listening(((InetSocketAddress) server.localAddress()).getPort());
        server.closeFuture().sync();
    }

    private static final class Connections extends ChannelInitializer<Channel> {
        private final Protocol protocol;

        Connections(Protocol protocol) {
            this.protocol = protocol;
        }

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline()
                    .addLast(
                            switch (protocol) {
                                case ECHO -> new Echo();
                                case HELLO -> new Hello();
                            });
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
