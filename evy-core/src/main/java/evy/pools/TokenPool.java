package evy.pools;

/**
 * A pool of tokens, to limit how many do something at once.
 *
 * {@snippet :
 * var downloads = new TokenPool(10);
 * try (var _ = downloads.item()) {
 *     download(url);
 * }
 * }
 *
 * @thread any
 * @source eventlet {@code pools.TokenPool}
 */
public final class TokenPool extends Pool<Token> {
    /** A pool of {@value Pool#DEFAULT_SIZE} tokens. */
    public TokenPool() {
        this(DEFAULT_SIZE);
    }

    /**
     * A pool of tokens.
     *
     * @param maxSize how many
     * @throws IllegalArgumentException if {@code maxSize} is negative
     */
    public TokenPool(int maxSize) {
        super(maxSize, Token::new);
    }
}
