package evy.hubs;

import org.jspecify.annotations.Nullable;

/** A hub could not be started: an unknown kind, or one that this machine does not have. */
public final class HubError extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    HubError(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
