package evy.web;

/** The versions that are spoken here. */
public enum HttpVersion {
    /** HTTP/1.0: one request a connection unless the client asks otherwise. */
    HTTP_1_0("HTTP/1.0"),
    /** HTTP/1.1. */
    HTTP_1_1("HTTP/1.1");

    private final String text;

    HttpVersion(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
