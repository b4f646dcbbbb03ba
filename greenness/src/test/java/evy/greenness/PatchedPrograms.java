package evy.greenness;

import evy.Evy;
import evy.GreenThread;
import evy.hubs.Hub;

import org.postgresql.PGConnection;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Programs of {@link PatchedIT}: plain JDK code, run on green threads under the agent. */
public final class PatchedPrograms {
    private static final int LARGE = 300_000;
    private static final int GETS = 20;

    private PatchedPrograms() {}

    /**
     * Runs a program and prints what it saw.
     *
     * @param args its name, and what it takes
     */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "sleeping-database" -> Evy.run(() -> sleepingDatabase(args[1]));
            case "stock-driver" -> Evy.run(() -> stockDriver(args[1]));
            case "unimplemented-get" -> Evy.run(PatchedPrograms::unimplementedGet);
            case "http-client" -> Evy.run(PatchedPrograms::httpClient);
            default -> throw new IllegalArgumentException("no program '" + args[0] + "'");
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /* Two server-side sleeps of a second each, one after the other, beside 100 ticks a second. */
    private static void sleepingDatabase(String url) throws Exception {
        Ticker ticker = new Ticker();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            GreenThread<?> ticking =
                    Evy.spawn(() -> ticker.run(() -> Evy.sleep(Duration.ofMillis(10))));
            statement.execute("SELECT pg_sleep(1)");
            statement.execute("SELECT pg_sleep(1)");
            ticker.stop();
            ticking.join();
        }
        System.out.println("ticks: " + ticker.ticks());
    }

    private static void stockDriver(String url) throws SQLException, ClassNotFoundException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT 6 * 7")) {
            result.next();
            System.out.println("result: " + result.getInt(1));
            System.out.println("connection: " + connection.getClass().getName());
            System.out.println("statement: " + statement.getClass().getName());
            Class<?> byName = Class.forName("org.postgresql.Driver");
            System.out.println("same: " + (byName == DriverManager.getDriver(url).getClass()));
            int process = connection.unwrap(PGConnection.class).getBackendPID();
            System.out.println("own method: " + (process > 0));
        }
    }

    /* Client and server are green threads; the server knows no method at all. */
    private static void unimplementedGet() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Set<String> before = platformThreads();
            List<String> requests = new ArrayList<>();
            List<Hub> hubs = new ArrayList<>();
            GreenThread<?> serving =
                    Evy.spawn(
                            () -> {
                                hubs.add(Hub.current());
                                try (Socket client = server.accept()) {
                                    requests.add(readRequest(client));
                                    respond(client, "501 Not Implemented", "");
                                }
                            });
            HttpURLConnection connection =
                    (HttpURLConnection) address(server, "/").toURL().openConnection();
            int status = connection.getResponseCode();
            serving.join();
            hubs.add(Hub.current());
            Set<String> more = platformThreads();
            more.removeAll(before);
            System.out.println("status: " + status);
            System.out.println("requests: " + requests);
            System.out.println("hubs: " + hubs.stream().distinct().count());
            System.out.println("more threads: " + more);
        }
    }

    /* Redirected, long and many. */
    private static void httpClient() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                HttpClient client =
                        HttpClient.newBuilder()
                                .followRedirects(HttpClient.Redirect.NORMAL)
                                .build()) {
            GreenThread<?> serving = Evy.spawn(() -> serve(server));
            System.out.println("redirected: " + get(client, address(server, "/moved")).body());
            int length = get(client, address(server, "/large")).body().length();
            System.out.println("large: " + (length == LARGE));
            List<GreenThread<String>> gets = new ArrayList<>();
            for (int i = 0; i < GETS; i++) {
                URI uri = address(server, "/echo/" + i);
                gets.add(Evy.spawn(() -> get(client, uri).body()));
            }
            String all = gets.stream().map(GreenThread::join).collect(Collectors.joining(" "));
            System.out.println("many: " + all);
            System.out.println("missing: " + get(client, address(server, "/missing")).statusCode());
            serving.kill();
        }
    }

    private static HttpResponse<String> get(HttpClient client, URI uri)
            throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private static void serve(ServerSocket server) throws IOException {
        while (true) {
            Socket client = server.accept();
            Evy.spawnN(() -> answer(client));
        }
    }

    private static void answer(Socket client) throws IOException {
        try (client) {
            String path = readRequest(client).split(" ")[1];
            switch (path) {
                case "/moved" -> respond(client, "302 Found\r\nLocation: /echo/there", "");
                case "/large" -> respond(client, "200 OK", "x".repeat(LARGE));
                case "/missing" -> respond(client, "404 Not Found", "");
                default -> respond(client, "200 OK", path.substring("/echo/".length()));
            }
        }
    }

    private static String readRequest(Socket client) throws IOException {
        BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                client.getInputStream(), StandardCharsets.ISO_8859_1));
        String request = in.readLine();
        for (String line = request; line != null && !line.isEmpty(); ) {
            line = in.readLine();
        }
        return request;
    }

    private static void respond(Socket client, String status, String body) throws IOException {
        String head =
                "HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                        .formatted(status, body.length());
        client.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static URI address(ServerSocket server, String path) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    private static Set<String> platformThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
