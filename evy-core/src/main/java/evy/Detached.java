package evy;

import evy.hubs.Greenlet;
import evy.hubs.Hub;

/** A green thread without a result: an exception that ends it goes to the hub's handler. */
class Detached extends Greenlet {
    final Body<?> body;

    Detached(Hub hub, Body<?> body) {
        super(hub, null);
        this.body = body;
    }

    static Greenlet spawn(Hub hub, Body<?> body) {
        Detached thread = new Detached(hub, body);
        thread.start();
        return thread;
    }

    @Override
    protected final void run() throws Exception {
        body.run();
    }

    @Override
    protected final boolean isQuiet(Throwable failure) {
        return failure instanceof GreenThreadExit || super.isQuiet(failure);
    }
}
