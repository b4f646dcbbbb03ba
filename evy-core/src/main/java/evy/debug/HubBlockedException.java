package evy.debug;

/**
 * Raised by {@link BlockAction#RAISE} inside a green thread that holds up its hub.
 *
 * @source eventlet {@code debug.hub_blocking_detection}
 */
public final class HubBlockedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HubBlockedException(String message) {
        super(message);
    }
}
