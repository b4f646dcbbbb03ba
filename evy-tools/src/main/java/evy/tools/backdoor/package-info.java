/**
 * A back door into a running program: a JShell session per connection, whose snippets run on the
 * hub that serves.
 *
 * {@snippet :
 * Evy.spawn(() -> Backdoor.serve(Evy.listen("localhost", 3000), Map.of("pool", pool)));
 * }
 *
 * <p>Begin with {@link evy.tools.backdoor.Backdoor}; connect by {@code ./evy backdoor 3000}.
 * Whoever gets in can do all that the program can: see {@link evy.tools.backdoor.BackdoorOptions}.
 *
 * <p>Guide: {@code docs/guide/backdoor.md}.
 */
package evy.tools.backdoor;
