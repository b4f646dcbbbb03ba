package evy.web;

import java.io.IOException;

/** A form that cannot be read as what it says it is, or that exceeds its limits. */
public final class FormException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what is wrong with the form
     */
    public FormException(String message) {
        super(message);
    }
}
