import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Netty's WebSocket codec on one event loop of its native transport. Arguments: {@code
 * ws|ws-deflate PORT}.
 */
final class NettyWebSocket {
    private static final int MOST_BYTES = 1 << 20;
    private static final int LEVEL = 6;

    public static void main(String... args) throws Exception {
        boolean deflate = args[0].equals("ws-deflate");
        var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        var server =
                new ServerBootstrap()
                        .group(group)
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, Protocol.BACKLOG)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(initializer(deflate))
                        .bind(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]))
                        .sync()
                        .channel();
        Protocol.listening(((InetSocketAddress) server.localAddress()).getPort());
        server.closeFuture().sync();
    }

    private static ChannelInitializer<SocketChannel> initializer(boolean deflate) {
        var config =
                WebSocketServerProtocolConfig.newBuilder()
                        .websocketPath("/echo")
                        .allowExtensions(deflate)
                        .maxFramePayloadLength(MOST_BYTES)
                        .build();
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                var pipeline = channel.pipeline();
                pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(MOST_BYTES));
                if (deflate) {
                    pipeline.addLast(
                            new WebSocketServerExtensionHandler(
                                    new PerMessageDeflateServerExtensionHandshaker(
                                            LEVEL,
                                            ZlibCodecFactory.isSupportingWindowSizeAndMemLevel(),
                                            15,
                                            true,
                                            true,
                                            MOST_BYTES)));
                }
                pipeline.addLast(
                        new WebSocketServerProtocolHandler(config),
                        new WebSocketFrameAggregator(MOST_BYTES),
                        new Echo());
            }
        };
    }

    private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            context.writeAndFlush(frame.retain(), context.voidPromise());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            cause.printStackTrace();
            context.close();
        }
    }
}
