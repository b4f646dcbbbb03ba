package evy.web;

import evy.web.http1.Buffers;
import evy.web.http1.Limits;
import evy.web.http1.Pace;

/**
 * What the connections of a hub have in common.
 *
 * @thread the green threads of that hub
 */
final class Service {
    private final App app;
    private final WebOptions options;
    private final WebLog log;
    private final Buffers buffers = new Buffers();
    private final ResponseHead head;
    private final Limits limits;
    private final Pace pace;

    Service(App app, WebOptions options) {
        this.app = app;
        this.options = options;
        this.log = new WebLog(options);
        this.limits = options.limits();
        this.pace = options.pace();
        this.head = new ResponseHead(options, new DateLine());
    }

    App app() {
        return app;
    }

    WebOptions options() {
        return options;
    }

    WebLog log() {
        return log;
    }

    Buffers buffers() {
        return buffers;
    }

    ResponseHead head() {
        return head;
    }

    Limits limits() {
        return limits;
    }

    Pace pace() {
        return pace;
    }
}
