package evy.patcher;

import evy.Evy;
import evy.GreenThread;

import java.net.ServerSocket;
import java.net.Socket;

/** A program that uses Evy and the agent and nothing else. */
final class EchoMain {
    private EchoMain() {}

    public static void main(String... args) throws Exception {
        Patcher.report().forEach(System.out::println);
        Evy.run(
                () -> {
                    try (ServerSocket listener = new ServerSocket(0);
                            Socket client =
                                    new Socket(listener.getInetAddress(), listener.getLocalPort());
                            Socket server = listener.accept()) {
                        GreenThread<Integer> read = Evy.spawn(() -> client.getInputStream().read());
                        Evy.yield();
                        server.getOutputStream().write(5);
                        System.out.println("echoed " + read.join());
                    }
                });
    }
}
