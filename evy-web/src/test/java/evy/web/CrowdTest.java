package evy.web;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** All places for connections are taken: who gives way, and who does not. */
@ExtendWith(LeakCheckExtension.class)
class CrowdTest {
    /* Nobody leaves by himself while the test runs. */
    private static final WebOptions PATIENT = Servers.QUIET.withKeepAlive(Duration.ofHours(1));

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    private Response answer(Request request) throws InterruptedException {
        if (request.path().equals("/slow")) {
            begun.countDown();
            go.await();
        }
        return Response.text(request.path());
    }

    @Test
    @Spec("WSGI3")
    void newcomer_allAreIdle_theLongestIdleGivesWay() throws Exception {
        try (var server = Servers.start(this::answer, PATIENT.withMaxConnections(2));
                var first = RawClient.to(server);
                var second = RawClient.to(server)) {
            first.get("/");
            second.get("/");
            first.get("/"); // so it is the second that has been idle longest

            try (var newcomer = RawClient.to(server)) {
                assertThat(newcomer.get("/new").text()).isEqualTo("/new");

                assertThat(second.isAtEnd()).isTrue();
                assertThat(first.get("/still").text()).isEqualTo("/still");
            }
        }
    }

    @Test
    @Spec("WSGI3")
    void newcomers_many_areAllServed() throws Exception {
        try (var server = Servers.start(this::answer, PATIENT.withMaxConnections(3))) {
            List<RawClient> all = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                RawClient client = RawClient.to(server);
                all.add(client);
                assertThat(client.get("/" + i).text()).isEqualTo("/" + i);
            }
            for (RawClient client : all) {
                client.close();
            }
        }
    }

    @Test
    @Spec("WSGI3")
    void newcomer_allAreBusy_waitsForTheFirstThatIsThrough() throws Exception {
        try (var server = Servers.start(this::answer, PATIENT.withMaxConnections(1));
                var busy = RawClient.to(server)) {
            busy.get("/");
            busy.send(Servers.get("/slow"));
            begun.await();
            try (var newcomer = RawClient.to(server)) {
                newcomer.send(Servers.get("/new"));
                go.countDown();

                assertThat(busy.reply().text()).isEqualTo("/slow");
                assertThat(newcomer.reply().text()).isEqualTo("/new");
                assertThat(busy.isAtEnd()).isTrue();
            }
        }
    }

    @Test
    @Spec("WSGI3")
    void newcomer_idleOnesOnOtherHubs_giveWay() throws Exception {
        WebOptions options = PATIENT.withHubs(2).withMaxConnections(1);
        try (var server = Servers.start(this::answer, options)) {
            List<RawClient> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RawClient client = RawClient.to(server);
                all.add(client);
                assertThat(client.get("/" + i).text()).isEqualTo("/" + i);
            }
            for (RawClient client : all) {
                client.close();
            }
        }
    }
}
