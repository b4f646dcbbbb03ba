package evy.greenness.rows;

import evy.greenness.Question;
import evy.greenness.Row;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** gRPC over Netty: blocking unary calls on one channel. */
public final class GrpcRow implements Row {
    /** The service's name. */
    public static final String SERVICE = "Questions";

    /** Its only method. */
    public static final MethodDescriptor<String, String> METHOD =
            MethodDescriptor.<String, String>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Ask"))
                    .setRequestMarshaller(new Text())
                    .setResponseMarshaller(new Text())
                    .build();

    private ManagedChannel channel;

    @Override
    public String library() {
        return "gRPC-Java (Netty)";
    }

    @Override
    public Class<?> client() {
        return NettyChannelBuilder.class;
    }

    @Override
    public String peer() {
        return "grpc";
    }

    @Override
    public String why() {
        return "Netty: event loops of its own, which wait in native code, so the agent leaves its"
                + " threads what they are; the caller parks in a queue";
    }

    @Override
    public void start(InetSocketAddress peer) {
        channel = NettyChannelBuilder.forAddress(peer).usePlaintext().build();
    }

    @Override
    public String call(Question question) {
        return ClientCalls.blockingUnaryCall(channel, METHOD, CallOptions.DEFAULT, question.text());
    }

    /** A message that is a text. */
    private static final class Text implements Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
