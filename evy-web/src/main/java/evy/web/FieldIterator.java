package evy.web;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** Goes through fields by their places. */
final class FieldIterator implements Iterator<Headers.Field> {
    private final Headers headers;
    private int next;

    FieldIterator(Headers headers) {
        this.headers = headers;
    }

    @Override
    public boolean hasNext() {
        return next < headers.size();
    }

    @Override
    public Headers.Field next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return headers.field(next++);
    }
}
