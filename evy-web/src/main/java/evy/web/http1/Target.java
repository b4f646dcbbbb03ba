package evy.web.http1;

/**
 * The form of a request's target: a path, or for proxies an absolute URI, an authority (CONNECT),
 * an asterisk (OPTIONS).
 *
 * @source RFC 9112 section 3.2
 */
public final class Target {
    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";

    private Target() {}

    /** Refuses a target that does not go with the method, or has a broken percent-encoding. */
    static void check(RequestHead head) throws BadRequestException {
        byte first = head.targetByte(0);
        int length = head.targetLength();
        if (head.methodIs("CONNECT")) {
            String target = head.target();
            boolean both = target.indexOf(':') > 0 && !target.endsWith(":");
            if (!both || !isAuthority(target)) {
                throw BadRequestException.malformed("target of CONNECT is not host and port");
            }
        } else if (first == '*') {
            if (length != 1 || !head.methodIs("OPTIONS")) {
                throw BadRequestException.malformed("target * is for OPTIONS");
            }
        } else if (first != '/') {
            checkAbsolute(head.target());
        }
        checkPercents(head, length);
    }

    private static void checkAbsolute(String target) throws BadRequestException {
        int from = authorityStart(target);
        if (from < 0) {
            throw BadRequestException.malformed("target is neither a path nor an http URI");
        }
        int end = authorityEnd(target, from);
        if (end == from || !isAuthority(target.substring(from, end))) {
            throw BadRequestException.malformed("target has no host, or more than host and port");
        }
    }

    /**
     * Where the authority of an absolute target begins.
     *
     * @param target as sent
     * @return -1 if it is no such target
     */
    public static int authorityStart(String target) {
        if (target.regionMatches(true, 0, HTTP, 0, HTTP.length())) {
            return HTTP.length();
        }
        return target.regionMatches(true, 0, HTTPS, 0, HTTPS.length()) ? HTTPS.length() : -1;
    }

    /**
     * Where the authority ends.
     *
     * @param target as sent
     * @param from where it begins
     * @return where the path begins, or the target ends
     */
    public static int authorityEnd(String target, int from) {
        int i = from;
        while (i < target.length() && target.charAt(i) != '/' && target.charAt(i) != '?') {
            i++;
        }
        return i;
    }

    private static void checkPercents(RequestHead head, int length) throws BadRequestException {
        for (int i = 0; i < length; i++) {
            if (head.targetByte(i) == '%'
                    && (i + 2 >= length
                            || Grammar.hex(head.targetByte(i + 1)) < 0
                            || Grammar.hex(head.targetByte(i + 2)) < 0)) {
                throw BadRequestException.malformed("broken percent-encoding in the target");
            }
        }
    }

    private static boolean isAuthority(String text) {
        byte[] bytes = Grammar.ascii(text);
        return isAuthority(bytes, 0, bytes.length);
    }

    /** Asks whether it is a host, with or without a port; nothing at all is one, too. */
    static boolean isAuthority(byte[] b, int from, int to) {
        int end = to;
        while (end > from && Grammar.isDigit(b[end - 1])) {
            end--;
        }
        boolean port = end > from && b[end - 1] == ':' && to - end <= 5;
        return isHost(b, from, port ? end - 1 : to);
    }

    private static boolean isHost(byte[] b, int from, int to) {
        boolean literal = from < to && b[from] == '[';
        if (literal && b[to - 1] != ']') {
            return false;
        }
        for (int i = literal ? from + 1 : from; i < (literal ? to - 1 : to); i++) {
            boolean bracket = b[i] == '[' || b[i] == ']';
            if (!Grammar.isHost(b[i]) || bracket || (b[i] == ':' && !literal)) {
                return false;
            }
        }
        return true;
    }
}
