package evy.hubs;

/** Thrown into the green threads of a hub that closes. */
public final class HubClosed extends Cancellation {
    private static final long serialVersionUID = 1L;

    HubClosed(Hub hub) {
        super(hub + ": closed");
    }
}
