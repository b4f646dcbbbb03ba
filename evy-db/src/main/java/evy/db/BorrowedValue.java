package evy.db;

/** Anything else of a borrowed connection: large objects, arrays, what describes results. */
abstract class BorrowedValue extends Borrowed {
    BorrowedValue(Borrowed parent) {
        super(parent);
    }
}
