package evy.greenness.peers;

import evy.greenness.Question;
import evy.greenness.rows.GrpcRow;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** One unary method over HTTP/2. */
final class GrpcPeer implements Peer {
    private Server server;

    @Override
    public int start() throws IOException {
        ServerServiceDefinition service =
                ServerServiceDefinition.builder(GrpcRow.SERVICE)
                        .addMethod(GrpcRow.METHOD, ServerCalls.asyncUnaryCall(GrpcPeer::answer))
                        .build();
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .addService(service)
                        .build()
                        .start();
        return server.getPort();
    }

    private static void answer(String text, StreamObserver<String> to) {
        Question question = Question.parse(text);
        try {
            Thread.sleep(question.millis());
            to.onNext(question.answer());
            to.onCompleted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
