package evy.pools;

/** What a {@link TokenPool} hands out: it stands for the right to do something. */
public final class Token {
    Token() {}
}
