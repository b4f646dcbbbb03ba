import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import javax.net.ssl.SSLException;

/** Netty's HTTP codec on one event loop of its native transport. Arguments: see {@link Page}. */
final class NettyHttp {
    public static void main(String... args) throws Exception {
        var tls = Page.isTls(args) ? tls(args) : null;
        var date = new Page.Date();
        ChannelInitializer<SocketChannel> initializer =
                new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        var pipeline = channel.pipeline();
                        if (tls != null) {
                            pipeline.addLast(tls.newHandler(channel.alloc()));
                        }
                        pipeline.addLast(new HttpServerCodec(), new Handler(Page.of(args), date));
                    }
                };
        var server =
                new ServerBootstrap()
                        .group(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()))
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, Protocol.BACKLOG)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(initializer)
                        .bind(InetAddress.getLoopbackAddress(), Page.port(args))
                        .sync()
                        .channel();
        Protocol.listening(((InetSocketAddress) server.localAddress()).getPort());
        server.closeFuture().sync();
    }

    static SslContext tls(String... args) throws SSLException {
        var certificate = Page.certificate(args);
        var chain = certificate.resolve("cert.pem").toFile();
        var key = certificate.resolve("key.pem").toFile();
        return SslContextBuilder.forServer(chain, key).sslProvider(SslProvider.JDK).build();
    }

    /** Answers when a request is complete, and sends when there is nothing more to read. */
    private static final class Handler extends SimpleChannelInboundHandler<HttpObject> {
        private final Page page;
        private final String path;
        private final Page.Date date;
        private boolean found;
        private boolean keepAlive;
        private long received;

        Handler(Page page, Page.Date date) {
            this.page = page;
            this.path = page.path();
            this.date = date;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpRequest request) {
                found = request.uri().equals(path);
                keepAlive = HttpUtil.isKeepAlive(request);
                received = 0;
            }
            if (part instanceof HttpContent content) {
                received += content.content().readableBytes();
                if (content instanceof LastHttpContent) {
                    answer(context);
                }
            }
        }

        private void answer(ChannelHandlerContext context) {
            var content = page.isUpload() ? Page.uploaded(received) : page.content();
            var response =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            found ? HttpResponseStatus.OK : HttpResponseStatus.NOT_FOUND,
                            Unpooled.wrappedBuffer(content));
            var headers = response.headers();
            headers.set(HttpHeaderNames.DATE, date.now());
            headers.set(HttpHeaderNames.CONTENT_TYPE, page.type());
            headers.setInt(HttpHeaderNames.CONTENT_LENGTH, content.length);
            if (keepAlive) {
                context.write(response, context.voidPromise());
            } else {
                headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                context.write(response).addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
