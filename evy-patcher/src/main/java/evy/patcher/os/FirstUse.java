package evy.patcher.os;

import evy.patcher.weave.Green;

/**
 * What the first green thread that comes by a hook makes for all: calls to the C library, and views
 * into {@code java.base}. That takes up to a tenth of a second, and a program without green ones is
 * spared them.
 *
 * <p>Nobody must wait here for a class that is still to be loaded by a class loader of the
 * program's, as the loader's own calls come by the hooks. So these classes are loaded before.
 */
final class FirstUse {
    /** False for the calls that are made meanwhile by the one who makes it. */
    static final boolean IS_OVER;

    static {
        Green.load(OsSeams.AT_FIRST_USE);
        IS_OVER = true;
    }

    private FirstUse() {}
}
