package evy.web.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import evy.testkit.LeakCheckExtension;
import evy.testkit.Spec;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The pages of the examples in a browser, which is Chromium. */
@ExtendWith(LeakCheckExtension.class)
class BrowserIT {
    private static Program example(String name) throws Exception {
        String root = System.getProperty("evy.root");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-opens=java.base/java.lang=ALL-UNNAMED");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Path.of(root, "examples", name).toString());
        command.add("0");
        return Program.start(Map.of(), command);
    }

    private static String address(Program server) throws Exception {
        String line = server.lineWith("listening on ");
        return "http://localhost:" + line.substring(line.lastIndexOf(':') + 1) + "/";
    }

    @Test
    @Spec("WS12")
    void data_inABrowser_numbersArrive(@TempDir Path profile) throws Exception {
        String chromium = Browser.find();
        try (Program server = example("WebSocket.java");
                Browser browser = Browser.start(chromium, profile);
                Browser.Tab tab = browser.open(address(server))) {
            tab.await("/^[1-9][0-9]*: 0[.]/.test(last.value)");

            assertThat(tab.evaluate("points.length > 1")).isEqualTo("true");
            assertThat(tab.evaluate("ws.readyState")).isEqualTo("1");
        }
    }

    @Test
    @Spec("WS12")
    void echo_inABrowser_sameComesBack(@TempDir Path profile) throws Exception {
        String chromium = Browser.find();
        try (Program server = example("WebSocket.java");
                Browser browser = Browser.start(chromium, profile);
                Browser.Tab tab = browser.open(address(server))) {
            tab.evaluate(
                    "var text = '\u00e4\u20ac'.repeat(100000), echo = new WebSocket('ws://' +"
                            + " location.host + '/echo'); echo.onopen = () => echo.send(text);"
                            + " echo.onmessage = m => { came = m.data; echo.close(4000, 'x'); };"
                            + " echo.onclose = e => { ended = e.code; }; var came, ended; 0");
            tab.await("ended");

            assertThat(tab.evaluate("ended")).isEqualTo("4000");
            assertThat(tab.evaluate("came === text")).isEqualTo("true");
            assertThat(tab.evaluate("echo.extensions")).contains("permessage-deflate");
        }
    }

    @Test
    @Spec("WS12")
    void chat_inTwoTabs_eachHearsTheOther(@TempDir Path profile) throws Exception {
        String chromium = Browser.find();
        try (Program server = example("WebSocketChat.java");
                Browser browser = Browser.start(chromium, profile)) {
            String address = address(server);
            try (Browser.Tab one = browser.open(address);
                    Browser.Tab other = browser.open(address)) {
                one.await("chat.innerText.includes('You are in.')");
                other.await("chat.innerText.includes('You are in.')");
                one.evaluate("line.value = 'hello there'; form.requestSubmit(); 0");
                other.await("chat.innerText.includes('hello there')");
                other.evaluate("line.value = 'hello yourself'; form.requestSubmit(); 0");
                one.await("chat.innerText.includes('hello yourself')");

                assertThat(one.evaluate("chat.children.length")).isEqualTo("3");
                one.evaluate("ws.close(); 0");
                server.lineWith("Participant left chat.");
            }
        }
    }
}
