package evy.web.http1;

/**
 * How much a peer may send.
 *
 * @param requestLine bytes of the request line, without its end
 * @param fieldLine bytes of one header line, without its end
 * @param fields bytes of all header lines
 * @param fieldCount number of header lines
 * @param body bytes of a body
 */
public record Limits(int requestLine, int fieldLine, int fields, int fieldCount, long body) {}
